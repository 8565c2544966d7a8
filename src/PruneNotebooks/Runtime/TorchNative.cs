using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace PruneNotebooks.Runtime;

/// <summary>Loads libtorch before TorchSharp looks for it, also where the system's libstdc++ is older than TorchSharp asks for.</summary>
/// <remarks>
/// TorchSharp 0.107 demands the symbol version <c>GLIBCXX_3.4.32</c>, which Debian 12 and Ubuntu 22.04 lack although they have every
/// symbol that is used. There, a copy of TorchSharp's native shim with that demand marked weak is kept in the user's cache and loaded.
/// On newer systems, and on other operating systems, nothing is done.
/// </remarks>
public static class TorchNative
{
    const string MissingVersion = "GLIBCXX_3.4.32";
    const string SymbolOfThatVersion = "_ZSt21ios_base_library_initv";
    const string Shim = "libLibTorchSharp.so", LibTorch = "libtorch_cpu.so";
    static readonly string[] Libraries = ["libc10.so", LibTorch, "libtorch.so"];

    static readonly Lazy<TorchNativeReport> Report = new(Load);

    /// <summary>Loads libtorch, once per process; safe to call from any thread and as often as you like.</summary>
    /// <returns>What was found and done; <see cref="TorchNativeReport.Error"/> says what is wrong if loading failed.</returns>
    public static TorchNativeReport EnsureLoaded() => Report.Value;

#pragma warning disable CA2255 // The library itself must prepare the process: its users' first call may already be into TorchSharp.
    [ModuleInitializer]
    internal static void Initialize() => EnsureLoaded();
#pragma warning restore CA2255

    static TorchNativeReport Load()
    {
        if (OperatingSystem.IsLinux()) OpenMp.SleepSoon();
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return new() { Action = "nothing to do on this platform" };
        if (SystemIsNewEnough())
            return new() { Action = $"nothing to do: libstdc++ has {MissingVersion}" };
        string? shim = Find(Shim), torch = Find(LibTorch);
        List<NativeAttempt> tried = [];
        if (shim is null || torch is null)
            return new()
            {
                Action = "nothing loaded",
                Tried = [.. from library in new[] { shim is null ? Shim : null, torch is null ? LibTorch : null } where library is not null
                            from folder in Folders() select new NativeAttempt(Path.Combine(folder, library), "no such file")],
                Shim = shim,
                LibTorch = torch,
                Error = $"{(shim is null ? Shim : LibTorch)} was not found. Add the package libtorch-cpu-linux-x64 2.10.0 "
                      + "(or TorchSharp-cpu 0.107.0; TorchSharp-cuda-linux 0.107.0 on a machine with an NVIDIA GPU) to the project or notebook.",
            };
        try
        {
            return LoadFrom(shim, Path.GetDirectoryName(torch)!, tried) with { Tried = tried };
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            string said = tried.LastOrDefault() is { Error: { } error } last ? $"{last.Path} does not load: {error}" : e.Message;
            return new() { Action = "loading failed", Shim = shim, LibTorch = torch, Tried = tried, Error = said };
        }
    }

    static bool SystemIsNewEnough() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint handle) && NativeLibrary.TryGetExport(handle, SymbolOfThatVersion, out _);

    static TorchNativeReport LoadFrom(string shim, string torchFolder, List<NativeAttempt> tried)
    {
        // Absolute paths: a bare name could find a libtorch of the distribution, built for another version.
        foreach (string library in Libraries)
            if (Try(Path.Combine(torchFolder, library), tried) is { } error) throw error;
        if (Try(shim, tried) is null) return new() { Action = "loaded as it is", Shim = shim, LibTorch = torchFolder };
        string patched = PatchedCopy(shim, CacheFolder.Of("native"));
        if (Try(patched, tried) is { } stillWrong) throw stillWrong;
        return new() { Action = $"loaded a copy that does not insist on {MissingVersion}", Shim = patched, LibTorch = torchFolder };
    }

    static Exception? Try(string library, List<NativeAttempt> tried)
    {
        try
        {
            NativeLibrary.Load(library);
            tried.Add(new(library, null));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // .NET's advice comes first, then what the operating system said.
            tried.Add(new(library, e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1]));
            return e;
        }
    }

    /// <summary>A copy of the shim without its demand for the missing version; the original may be shared and is never changed.</summary>
    internal static string PatchedCopy(string shim, string folder)
    {
        byte[] bytes = File.ReadAllBytes(shim);
        if (!ElfVersionNeeds.MarkWeak(bytes, MissingVersion))
            throw new BadImageFormatException($"{shim} does not load, and not for want of {MissingVersion}. Run 'prune doctor' for the system's own message.");
        string name = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, Shim);
        if (File.Exists(copy)) return copy;
        AtomicFile.Write(copy, bytes);
        return copy;
    }

    static string? Find(string library) => Folders().Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);

    static IEnumerable<string> Folders()
    {
        const string native = "runtimes/linux-x64/native";
        yield return Path.Combine(AppContext.BaseDirectory, native);
        yield return AppContext.BaseDirectory;
        foreach (string folder in (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
#pragma warning disable IL3000 // Empty in a single-file program, where the folders above have the libraries.
        string assembly = typeof(torch).Assembly.Location;
#pragma warning restore IL3000
        if (assembly.Length == 0) yield break;
        string home = Path.GetDirectoryName(assembly)!;
        yield return home;
        yield return Path.GetFullPath(Path.Combine(home, "../..", native));
        // The NuGet folder: <packages>/torchsharp/<version>/lib/<framework>/TorchSharp.dll beside <packages>/libtorch-cpu-linux-x64.
        string sibling = Path.GetFullPath(Path.Combine(home, "../../../..", "libtorch-cpu-linux-x64"));
        if (!Directory.Exists(sibling)) yield break;
        foreach (string version in Directory.EnumerateDirectories(sibling).OrderDescending(StringComparer.Ordinal))
            yield return Path.Combine(version, native);
    }
}
