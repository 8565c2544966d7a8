namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Where Jupyter front ends look for kernelspecs, by the rules of <c>jupyter_core.paths</c>; neither Jupyter nor Python is asked.</summary>
static class JupyterFolders
{
    /// <summary>The kernels of this user, whatever Python they use; VS Code reads them without any.</summary>
    public static string User => Kernels(UserData);

    /// <summary>The kernels of the Python or conda environment that is active in this shell; null when none is.</summary>
    public static string? ActiveEnvironment => (Variable("VIRTUAL_ENV") ?? Variable("CONDA_PREFIX")) is { } prefix ? In(prefix) : null;

    /// <summary>The kernels below a prefix such as <c>/usr/local</c>.</summary>
    public static string In(string prefix) => Kernels(Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"));

    /// <summary>All of these places in the order in which they are searched; the first kernelspec of a name counts.</summary>
    public static IReadOnlyList<string> Searched =>
    [
        .. ((IEnumerable<string?>)
        [
            .. (Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Kernels),
            User,
            ActiveEnvironment,
            .. OperatingSystem.IsWindows() ? (string[])[Kernels(Path.Combine(Special(Environment.SpecialFolder.CommonApplicationData), "jupyter"))] : [In("/usr/local"), In("/usr")],
        ]).OfType<string>().Distinct(),
    ];

    static string UserData =>
        Variable("JUPYTER_DATA_DIR")
        ?? (OperatingSystem.IsWindows() ? Path.Combine(Special(Environment.SpecialFolder.ApplicationData), "jupyter")
            : OperatingSystem.IsMacOS() ? Path.Combine(Home, "Library", "Jupyter")
            : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(Home, ".local", "share"), "jupyter"));

    static string Home => Special(Environment.SpecialFolder.UserProfile);

    static string Special(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);

    static string Kernels(string data) => Path.Combine(Path.GetFullPath(data), "kernels");

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
