namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>The Python of this machine that has Jupyter: Debian's own, if it has what is needed, or the first on the PATH.</summary>
static class JupyterPython
{
    static readonly (string Module, string Package)[] Needed =
    [
        ("jupyter_client", "jupyter-client"), ("nbconvert", "jupyter-nbconvert"), ("ipykernel", "python3-ipykernel"), ("notebook", "jupyter-notebook"),
        ("numpy", "python3-numpy"),
    ];

    static readonly Lazy<Task<(string? Program, string Missing)>> Found = new(LookAsync);

    /// <summary>The program, or <see langword="null"/>.</summary>
    public static async Task<string?> FindAsync() => (await Found.Value).Program;

    /// <summary>The program; where there is none, the test is skipped.</summary>
    public static async Task<string> OrSkipAsync()
    {
        var (program, missing) = await Found.Value;
        Assert.SkipWhen(program is null, missing);
        return program!;
    }

    static async Task<(string?, string)> LookAsync()
    {
        List<string> lacking = [];
        foreach (string candidate in (string[])["/usr/bin/python3", "python3"])
        {
            lacking.Clear();
            foreach (var (module, package) in Needed)
                if (!await ImportsAsync(candidate, module)) lacking.Add(package);
            if (lacking.Count == 0) return (candidate, "");
        }
        return (null, $"There is no Jupyter here: 'apt-get install {string.Join(' ', lacking)}' brings what is missing.");
    }

    static async Task<bool> ImportsAsync(string candidate, string module)
    {
        try
        {
            return (await Outcome.OfAsync(candidate, ["-c", $"import {module}"], Path.GetTempPath())).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
