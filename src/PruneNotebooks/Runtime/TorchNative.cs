using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace PruneNotebooks.Runtime;

/// <summary>Loads libtorch before TorchSharp looks for it, also where the system's libstdc++ is older than TorchSharp asks for.</summary>
/// <remarks>
/// TorchSharp 0.107 demands the symbol version <c>GLIBCXX_3.4.32</c>, which Debian 12 and Ubuntu 22.04 lack although they have every
/// symbol that is used. There, a copy of TorchSharp's native shim with that demand marked weak is kept in the user's cache and loaded.
/// On newer systems, and on other operating systems, nothing is done unless a folder is named.
/// </remarks>
public static class TorchNative
{
    /// <summary>A switch of the program's runtime configuration: <c>false</c> if the program calls <see cref="EnsureLoaded"/> itself, when it needs libtorch.</summary>
    public const string LoadAtStart = "PruneNotebooks.LoadTorchAtStart";

    const string MissingVersion = "GLIBCXX_3.4.32";
    const string SymbolOfThatVersion = "_ZSt21ios_base_library_initv";
    internal const string Shim = "LibTorchSharp", LibTorch = "torch_cpu";
    static readonly string[] Libraries = ["c10", LibTorch, "torch"];

    static readonly Lock Gate = new();
    static TorchNativeReport? report;

    /// <summary>Loads libtorch, once per process; safe to call from any thread and as often as you like.</summary>
    /// <param name="folder">
    /// The folder with libtorch's libraries, if not one of those in which packages and builds put them. Only the first call that succeeds counts.
    /// </param>
    /// <returns>What was found and done; <see cref="TorchNativeReport.Error"/> says what is wrong if loading failed.</returns>
    public static TorchNativeReport EnsureLoaded(string? folder = null)
    {
        lock (Gate)
        {
            if (report is null || (report.Error is not null && folder is not null)) report = Load(folder);
            return report;
        }
    }

#pragma warning disable CA2255 // The library itself must prepare the process: its users' first call may already be into TorchSharp.
    [ModuleInitializer]
    internal static void Initialize()
    {
        if (!AppContext.TryGetSwitch(LoadAtStart, out bool wanted) || wanted) EnsureLoaded();
    }
#pragma warning restore CA2255

    static TorchNativeReport Load(string? folder)
    {
        if (OperatingSystem.IsLinux()) OpenMp.SleepSoon();
        if (folder is null && NativeFolders.Platform != "linux-x64") return new() { Action = "nothing to do on this platform" };
        if (folder is null && SystemIsNewEnough()) return new() { Action = $"nothing to do: libstdc++ has {MissingVersion}" };
        string? shim = (folder is null ? null : In(folder, Shim)) ?? NativeFolders.Find(Shim), torch = folder is null ? NativeFolders.Find(LibTorch) : In(folder, LibTorch);
        if (shim is null || torch is null) return NotFound(shim, torch, folder);
        List<NativeAttempt> tried = [];
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

    static string? In(string folder, string library) => Path.Combine(folder, NativeFolders.FileName(library)) is var path && File.Exists(path) ? path : null;

    static TorchNativeReport NotFound(string? shim, string? torch, string? folder) => new()
    {
        Action = "nothing loaded",
        Tried = [.. from library in new[] { shim is null ? Shim : null, torch is null ? LibTorch : null } where library is not null
                    from place in folder is null ? NativeFolders.All() : [folder] select new NativeAttempt(Path.Combine(place, NativeFolders.FileName(library)), "no such file")],
        Shim = shim,
        LibTorch = torch,
        Error = $"{NativeFolders.FileName(shim is null ? Shim : LibTorch)} was not found. Add the package libtorch-cpu-{NativeFolders.Platform} 2.10.0 "
              + "(or TorchSharp-cpu 0.107.0; TorchSharp-cuda-linux 0.107.0 on a machine with an NVIDIA GPU) to the project or notebook.",
    };

    static bool SystemIsNewEnough() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint handle) && NativeLibrary.TryGetExport(handle, SymbolOfThatVersion, out _);

    static TorchNativeReport LoadFrom(string shim, string torchFolder, List<NativeAttempt> tried)
    {
        // Absolute paths: a bare name could find a libtorch of the distribution, built for another version.
        foreach (string library in Libraries)
            if (Try(Path.Combine(torchFolder, NativeFolders.FileName(library)), library, tried) is { } error) throw error;
        if (Try(shim, Shim, tried) is not { } wrong) return new() { Action = "loaded as it is", Shim = shim, LibTorch = torchFolder };
        if (!OperatingSystem.IsLinux()) throw wrong;
        string patched = PatchedCopy(shim, CacheFolder.Of("native"));
        if (Try(patched, Shim, tried) is { } stillWrong) throw stillWrong;
        return new() { Action = $"loaded a copy that does not insist on {MissingVersion}", Shim = patched, LibTorch = torchFolder };
    }

    static Exception? Try(string path, string library, List<NativeAttempt> tried)
    {
        try
        {
            nint handle = NativeLibrary.Load(path);
            // TorchSharp asks by name; where the system does not know that a library of that name is loaded already, .NET asks here.
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == library ? handle : 0;
            tried.Add(new(path, null));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // .NET's advice comes first, then what the operating system said.
            tried.Add(new(path, e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1]));
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
        string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, NativeFolders.FileName(Shim));
        if (File.Exists(copy)) return copy;
        AtomicFile.Write(copy, bytes);
        return copy;
    }
}
