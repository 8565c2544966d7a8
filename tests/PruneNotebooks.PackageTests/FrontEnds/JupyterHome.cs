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
    // The modules of Debian's packages, which a Python that somebody put first on the PATH may lack.
    static readonly (string Module, string Package)[] Needed =
        [("jupyter_client", "jupyter-client"), ("nbconvert", "jupyter-nbconvert"), ("ipykernel", "python3-ipykernel"), ("notebook", "jupyter-notebook"),
            ("numpy", "python3-numpy")];

    // What would lead Jupyter to other kernels, or Python to other modules.
    static readonly string[] Unset = ["JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME"];

    readonly EmptyHome home = new(packages);
    string? python, missing;

    public async ValueTask InitializeAsync()
    {
        await home.InitializeAsync();
        await FindPythonAsync();
        if (python is not null) (await PruneAsync("kernel", "install")).Succeeded();
    }

    async Task FindPythonAsync()
    {
        List<string> lacking = [];
        foreach (string candidate in (string[])["/usr/bin/python3", "python3"])
        {
            lacking.Clear();
            foreach (var (module, package) in Needed)
                if (!await ImportsAsync(candidate, module)) lacking.Add(package);
            if (lacking.Count > 0) continue;
            python = candidate;
            return;
        }
        missing = $"There is no Jupyter here: 'apt-get install {string.Join(' ', lacking)}' brings what is missing.";
    }

    async Task<bool> ImportsAsync(string candidate, string module)
    {
        try
        {
            return (await RunAsync(candidate, ["-c", $"import {module}"])).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The Python that has Jupyter; where there is none, the test is skipped.</summary>
    public string Python
    {
        get
        {
            Assert.SkipWhen(python is null, missing ?? "");
            return python!;
        }
    }

    /// <summary>The environment of a program that is not run to its end.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Environment => [.. home.Environment, .. Additions.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))];

    static IEnumerable<(string Name, string? Value)> Additions => [.. Unset.Select(name => (name, (string?)null)), ("NUGET_PACKAGES", MachinePackages)];

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
