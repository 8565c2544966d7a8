namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Finds programs the way a shell does.</summary>
static class Executables
{
    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending))).FirstOrDefault(File.Exists);
    }

    /// <summary>The <c>dotnet</c> that started this program, or the one on the PATH.</summary>
    public static string DotNet
    {
        get
        {
            if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host)) return host;
            if (Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet") return self;
            string inRoot = Path.Combine(Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            return Path.IsPathRooted(inRoot) && File.Exists(inRoot) ? inRoot : Find("dotnet") ?? "dotnet";
        }
    }
}
