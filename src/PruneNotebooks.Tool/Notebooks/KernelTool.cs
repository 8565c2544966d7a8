using System.Text.Json;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Where the notebook kernel, the .NET tool <c>Microsoft.dotnet-interactive</c>, lies on this machine.</summary>
/// <remarks>
/// Its version is pinned by the nearest <c>.config/dotnet-tools.json</c> above the notebook, or, outside a repository, by the copy of
/// this repository's file that the program carries. A missing tool is restored, as <c>dotnet tool restore</c> does it.
/// </remarks>
public sealed record KernelTool(string Version, string Library)
{
    const string Package = "microsoft.dotnet-interactive";
    const string Application = "Microsoft.DotNet.Interactive.App.dll";
    const string Manifest = ".config/dotnet-tools.json";

    /// <summary>Finds the kernel for notebooks in a folder, and restores it if need be.</summary>
    /// <exception cref="KernelException">It is not installed and could not be restored.</exception>
    public static async Task<KernelTool> FindAsync(string folder, Action<string> say, CancellationToken cancel)
    {
        var (root, version, installed) = Look(folder);
        if (installed is not null) return installed;
        say($"restoring the notebook kernel, {Package} {version}");
        CommandResult restore = await CommandResult.RunAsync(Executables.DotNet, ["tool", "restore"], root, cancel);
        return Locate(version) ?? throw new KernelException(
            $"The notebook kernel {Package} {version} is not installed, and 'dotnet tool restore' in {root} did not bring it: {restore.LastLines(3)}");
    }

    /// <summary>Looks for the kernel without restoring it.</summary>
    /// <returns>The folder whose manifest pins a version, that version, and the tool if it is there.</returns>
    public static (string Root, string Version, KernelTool? Installed) Look(string folder)
    {
        string root = Ancestors(folder).FirstOrDefault(f => PinnedVersion(f) is not null) ?? CarriedManifest();
        string version = PinnedVersion(root)!;
        return (root, version, Locate(version));
    }

    static KernelTool? Locate(string version)
    {
        string? library = InNuGetFolder(version) ?? InResolverCache(version);
        return library is null ? null : new(version, library);
    }

    static string? InNuGetFolder(string version)
    {
        string tools = Path.Combine(NuGetPackages.Folder, Package, version, "tools");
        if (!Directory.Exists(tools)) return null;
        return Directory.EnumerateFiles(tools, Application, SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault();
    }

    /// <summary>
    /// Where the SDK itself noted the tool: it may lie in a NuGet folder that a configuration file names, and the SDK restores no tool that
    /// its note still finds.
    /// </summary>
    static string? InResolverCache(string version)
    {
        string? home = Environment.GetEnvironmentVariable("DOTNET_CLI_HOME");
        if (string.IsNullOrEmpty(home)) home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string note = Path.Combine(home, ".dotnet", "toolResolverCache", "1", Package);
        try
        {
            if (!File.Exists(note)) return null;
            using var document = JsonDocument.Parse(File.ReadAllBytes(note));
            return document.RootElement.EnumerateArray()
                .Where(tool => tool.At("Version").AsText() == version)
                .Select(tool => tool.At("PathToExecutable").AsText())
                .FirstOrDefault(path => path is not null && Path.GetFileName(path) == Application && File.Exists(path));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;   // The SDK's own file; if it changed, the NuGet folder remains.
        }
    }

    static IEnumerable<string> Ancestors(string folder)
    {
        for (string? f = Path.GetFullPath(folder); f is not null; f = Path.GetDirectoryName(f)) yield return f;
    }

    static string? PinnedVersion(string folder)
    {
        string manifest = Path.Combine(folder, Manifest);
        if (!File.Exists(manifest)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return document.RootElement.At("tools", Package, "version").AsText();
        }
        catch (JsonException e)
        {
            throw new KernelException($"{manifest} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Unpacks the manifest that is embedded in this program into the user's cache.</summary>
    static string CarriedManifest()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        string root = Path.Combine(data, "PruneNotebooks", "kernel");
        using Stream carried = typeof(KernelTool).Assembly.GetManifestResourceStream("dotnet-tools.json")!;
        using var bytes = new MemoryStream();
        carried.CopyTo(bytes);
        string manifest = Path.Combine(root, Manifest);
        Directory.CreateDirectory(Path.GetDirectoryName(manifest)!);
        AtomicFile.Write(manifest, bytes.ToArray());
        return root;
    }
}
