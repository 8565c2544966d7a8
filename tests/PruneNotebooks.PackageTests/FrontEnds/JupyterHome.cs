namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>Tests that start Jupyter, one after the other, in one home.</summary>
[CollectionDefinition(Name)]
public sealed class InJupyter : ICollectionFixture<JupyterHome>
{
    public const string Name = "In Jupyter";
}

/// <summary>A user who has Jupyter and has typed <c>prune kernel install</c> in the checkout; NuGet's packages are the machine's, so that nothing is downloaded.</summary>
public sealed class JupyterHome(PackedPackages packages) : IAsyncLifetime
{
    readonly EmptyHome home = new(packages);

    public async ValueTask InitializeAsync()
    {
        await home.InitializeAsync();
        if (await JupyterPython.FindAsync() is not null) (await PruneAsync("kernel", "install")).Succeeded();
    }

    /// <summary>The environment of a program that is not run to its end.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Environment => [.. home.Environment, .. Additions.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))];

    static IEnumerable<(string Name, string? Value)> Additions => [("NUGET_PACKAGES", MachinePackages)];

    static string MachinePackages => System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A new folder outside of any repository.</summary>
    public string NewFolder() => home.NewFolder();

    /// <summary>Runs <c>prune</c> in the checkout.</summary>
    internal Task<Outcome> PruneAsync(params string[] arguments) => RunAsync("dotnet", [packages.Program, .. arguments], Repository.Root);

    /// <summary>Runs a program as this user.</summary>
    internal Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, string? folder = null) => home.RunAsync(program, arguments, folder, Additions);

    public ValueTask DisposeAsync() => home.DisposeAsync();
}
