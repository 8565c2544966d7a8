using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using PruneNotebooks.Display;

namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>The operating system and its C and C++ libraries.</summary>
static partial class SystemChecks
{
    // What libLibTorchSharp.so 0.107 and libtorch 2.10 are linked against.
    static readonly Version NeededGlibc = new(2, 34);
    const int WantedLibStdCxx = 32;

    public static IEnumerable<Check> All()
    {
        yield return Check.Ok("system", $"{Distribution() ?? RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, .NET {Environment.Version}");
        yield return Check.Ok("memory", $"{Units.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} for this program, {Environment.ProcessorCount} processors");
        if (!OperatingSystem.IsLinux()) yield break;
        yield return Glibc();
        yield return LibStdCxx();
    }

    static Check Glibc()
    {
        try
        {
            string version = Marshal.PtrToStringUTF8(gnu_get_libc_version())!;
            return Version.TryParse(version, out var found) && found < NeededGlibc
                ? new("glibc", Health.Bad, $"glibc {version}; TorchSharp needs {NeededGlibc}", "Use a newer distribution (Debian 12, Ubuntu 22.04 or later) or the devcontainer.")
                : Check.Ok("glibc", $"glibc {version}");
        }
        catch (EntryPointNotFoundException)
        {
            return new("glibc", Health.Bad, "the C library is not glibc", "libtorch is built for glibc: use a distribution that has it (not Alpine), or the devcontainer.");
        }
    }

    static Check LibStdCxx()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _)) return new("libstdc++", Health.Bad, "libstdc++.so.6 does not load", "Install it: apt-get install libstdc++6.");
        if (Loaded("libstdc++.so") is not { } path) return new("libstdc++", Health.Warn, "libstdc++.so.6 is loaded, but from where is unknown");
        int newest = VersionNames().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(path))).Select(match => int.Parse(match.Groups[1].ValueSpan, provider: null)).DefaultIfEmpty().Max();
        return Check.Ok("libstdc++", $"GLIBCXX_3.4.{newest} in {path}" + (newest < WantedLibStdCxx ? $"; TorchSharp asks for 3.4.{WantedLibStdCxx} without need, so a copy without that demand is loaded" : ""));
    }

    /// <summary>The path of a library that is loaded into this process, by the start of its file name; <see langword="null"/> if it is not, or no one can tell.</summary>
    public static string? Loaded(string library)
    {
        const string maps = "/proc/self/maps";
        return !File.Exists(maps) ? null : File.ReadLines(maps)
            .Select(line => line.IndexOf('/') is var slash and >= 0 ? line[slash..] : "")
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith(library, StringComparison.Ordinal));
    }

    static string? Distribution()
    {
        const string file = "/etc/os-release";
        return File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"') : null;
    }

    [GeneratedRegex(@"GLIBCXX_3\.4\.(\d+)")]
    private static partial Regex VersionNames();

    [DllImport("libc.so.6"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint gnu_get_libc_version();
}
