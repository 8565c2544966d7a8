[assembly: AssemblyFixture(typeof(PruneNotebooks.PackageTests.PackedPackages))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace PruneNotebooks.PackageTests;

/// <summary>The library and the tool, packed once for all tests into a folder that serves as a package source.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("prune-packages-").FullName;

    /// <summary>The folder with the packages.</summary>
    public string Feed => Path.Combine(folder, "feed");

    /// <summary>The version of both.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The library's package.</summary>
    public string Library => Path.Combine(Feed, $"PruneNotebooks.{Version}.nupkg");

    /// <summary>The library's symbols.</summary>
    public string Symbols => Path.ChangeExtension(Library, ".snupkg");

    /// <summary>The tool's package.</summary>
    public string Tool => Path.Combine(Feed, $"PruneNotebooks.Tool.{Version}.nupkg");

    /// <summary>The program that the tool's package was packed from, to be run in the checkout.</summary>
    public string Program => Path.Combine(folder, "build", "bin", "PruneNotebooks.Tool", "release", "prune.dll");

    public async ValueTask InitializeAsync()
    {
        await PackAsync("src/PruneNotebooks", Feed);
        await PackAsync("src/PruneNotebooks.Tool", Feed);
        const string start = "PruneNotebooks.Tool.";
        Version = Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(Feed, start + "*.nupkg").Single())[start.Length..];
        foreach (string package in (string[])[Library, Symbols, Tool])
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.0} MB", Path.GetFileName(package), new FileInfo(package).Length / 1e6);
    }

    /// <summary>Packs a project of the checkout; the builds of the checkout itself are neither used nor touched.</summary>
    internal async Task PackAsync(string project, string feed)
    {
        string intermediate = Path.Combine(folder, "build");
        (await Outcome.OfAsync("dotnet", ["pack", Path.Combine(Repository.Root, project), "-c", "Release", "--artifacts-path", intermediate, "-o", feed, "--nologo", "-p:RunAnalyzers=false"], Repository.Root)).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
