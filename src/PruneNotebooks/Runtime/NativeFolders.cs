using System.Runtime.InteropServices;
using TorchSharp;

namespace PruneNotebooks.Runtime;

/// <summary>Where a program's native libraries may lie, and how they are called here.</summary>
internal static class NativeFolders
{
    /// <summary>The platform as packages name it, such as <c>linux-x64</c>.</summary>
    public static readonly string Platform =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + $"-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();

    /// <summary>The folder of native libraries inside a package, and beside a program.</summary>
    public static readonly string InPackage = $"runtimes/{Platform}/native";

    /// <summary>The file name of a library, such as <c>libtorch_cpu.so</c>.</summary>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The path of a library in the first folder that has it; <see langword="null"/> if none has.</summary>
    public static string? Find(string library) => All().Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>The folders, in the order in which they are searched.</summary>
    public static IEnumerable<string> All()
    {
        yield return Path.Combine(AppContext.BaseDirectory, InPackage);
        yield return AppContext.BaseDirectory;
        foreach (string folder in (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
#pragma warning disable IL3000 // Empty in a single-file program, where the folders above have the libraries.
        string assembly = typeof(torch).Assembly.Location;
#pragma warning restore IL3000
        if (assembly.Length == 0) yield break;
        string home = Path.GetDirectoryName(assembly)!;
        yield return home;
        yield return Path.GetFullPath(Path.Combine(home, "../..", InPackage));
        // The NuGet folder: <packages>/torchsharp/<version>/lib/<framework>/TorchSharp.dll beside <packages>/libtorch-cpu-linux-x64.
        string sibling = Path.GetFullPath(Path.Combine(home, "../../../..", $"libtorch-cpu-{Platform}"));
        if (!Directory.Exists(sibling)) yield break;
        foreach (string version in Directory.EnumerateDirectories(sibling).OrderDescending(StringComparer.Ordinal))
            yield return Path.Combine(version, InPackage);
    }
}
