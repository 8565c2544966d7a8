namespace PruneNotebooks.PackageTests;

/// <summary>Tests that use the packages in one home, which was empty before the first of them.</summary>
[CollectionDefinition(Name)]
public sealed class InAnEmptyHome : ICollectionFixture<EmptyHome>
{
    public const string Name = "In an empty home";
}

/// <summary>A user who has the .NET SDK and the network, and nothing else: no package, no tool, no cache. The packed packages are one more package source.</summary>
public sealed class EmptyHome(PackedPackages packages) : IAsyncLifetime
{
    // What the user of this machine may have set, and another user has not.
    static readonly string[] Inherited =
    [
        "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "NUGET_HTTP_CACHE_PATH", "NUGET_FALLBACK_PACKAGES", "TorchBackend", "PRUNE_MODELS", "PRUNE_NOTEBOOK_OUTPUT",
        "JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME",
    ];

    readonly string root = Directory.CreateTempSubdirectory("prune-home-").FullName;

    /// <summary>The home folder.</summary>
    public string Folder => Path.Combine(root, "home");

    /// <summary>Where NuGet keeps this user's packages.</summary>
    public string NuGetPackages => Path.Combine(Folder, ".nuget", "packages");

    /// <summary>The packed packages.</summary>
    public PackedPackages Packages => packages;

    /// <summary>What makes a program believe that this is its user's home.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; private set; } = new Dictionary<string, string?>();

    public async ValueTask InitializeAsync()
    {
        Environment = new Dictionary<string, string?>(Inherited.Select(name => KeyValuePair.Create(name, (string?)null)))
        {
            ["HOME"] = Folder,
            ["USERPROFILE"] = Folder,
            ["DOTNET_CLI_HOME"] = Folder,
            ["NUGET_PACKAGES"] = NuGetPackages,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(root, "tmp")).FullName,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            // Build servers would outlive the home that they were started in.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",
        };
        // The machine's own package sources, and the folder of packages.
        string sources = Path.Combine(Folder, ".nuget", "NuGet", "NuGet.Config");
        Directory.CreateDirectory(Path.GetDirectoryName(sources)!);
        string machine = Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(machine)) File.Copy(machine, sources);
        (await RunAsync("dotnet", ["nuget", "add", "source", packages.Feed, "--name", "packed"])).Succeeded();
    }

    /// <summary>A new folder for a project, a notebook ..., outside of any repository.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(root, "work", Path.GetRandomFileName())).FullName;

    /// <summary>Runs a program as this user.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">The working directory; the home folder if not given.</param>
    /// <param name="environment">Additions to the user's environment.</param>
    internal Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, string? folder = null, params IEnumerable<(string Name, string? Value)> environment) =>
        Outcome.OfAsync(program, arguments, folder ?? Folder, [.. Environment, .. environment.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))]);

    /// <summary>The path of the command <c>prune</c>, installed as a .NET tool when the first test asks for it.</summary>
    internal async Task<string> PruneAsync()
    {
        string folder = Path.Combine(root, "tools"), prune = Path.Combine(folder, OperatingSystem.IsWindows() ? "prune.exe" : "prune");
        if (File.Exists(prune)) return prune;
        var install = (await RunAsync("dotnet", ["tool", "install", "PruneNotebooks.Tool", "--version", packages.Version, "--tool-path", folder])).Succeeded();
        TestContext.Current.SendDiagnosticMessage("the tool, installed: {0:0.0} s", install.Time.TotalSeconds);
        return prune;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
