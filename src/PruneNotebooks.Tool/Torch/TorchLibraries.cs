using System.Text.RegularExpressions;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Torch;

/// <summary>Finds libtorch on this machine, or restores it: the package of this tool is small because it does not carry it.</summary>
static partial class TorchLibraries
{
    static string Project(TorchBackend backend) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <EnableDynamicLoading>true</EnableDynamicLoading>
            <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="{backend.Package}" Version="{backend.Version}" /></ItemGroup>
        </Project>
        """;

    /// <summary>The folder with libtorch; <see langword="null"/> if it is not on this machine.</summary>
    /// <param name="asked">A certain build; if not given, the one beside this program, else the one for the CPU.</param>
    public static string? Find(TorchBackend? asked) =>
        NativeFolders.All().Append(Kept(asked ?? TorchBackend.Cpu)).Append(InNuGetFolder(asked ?? TorchBackend.Cpu)).FirstOrDefault(place => Kind(place) is { } kind && (asked is null || kind == asked));

    /// <summary>Which build of libtorch a folder holds; <see langword="null"/> if none.</summary>
    public static TorchBackend? Kind(string folder) =>
        !Has(folder, TorchNative.LibTorch) ? null : Has(folder, "torch_cuda") ? TorchBackend.Cuda : TorchBackend.Cpu;

    /// <summary>Where <see cref="Find"/> looks, in words.</summary>
    public static string Places(TorchBackend backend) => $"beside this program, in {Kept(backend)} and in {InNuGetFolder(backend)}";

    /// <summary>Loads it into this process. Beside a program, TorchSharp finds it as in any other program.</summary>
    public static TorchNativeReport Load(string folder) => TorchNative.EnsureLoaded(NativeFolders.All().Contains(folder) ? null : folder);

    /// <summary>Restores libtorch from this user's package sources.</summary>
    /// <returns>The folder with it.</returns>
    /// <exception cref="DllNotFoundException">It cannot be had; the message says what was tried and what to do.</exception>
    public static async Task<string> RestoreAsync(TorchBackend backend, CancellationToken cancel)
    {
        string kept = Kept(backend), draft = $"{kept}.{Path.GetRandomFileName()}";
        try
        {
            string project = Path.Combine(Directory.CreateDirectory(draft).FullName, "torch.csproj");
            await File.WriteAllTextAsync(project, Project(backend), cancel);
            // A build, not only a restore: libtorch with CUDA comes in pieces that a build puts together.
            // Whatever lies in the folders above the user's cache has no say in it.
            CommandResult build = await CommandResult.RunAsync(Executables.DotNet,
                ["build", project, "-o", Path.Combine(draft, "out"), "--nologo", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false",
                 "-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false", "-p:TorchBackend="], draft, cancel);
            string built = Path.Combine(draft, "out", NativeFolders.InPackage);
            if (build.ExitCode != 0 || Kind(built) != backend) throw CannotBeHad(backend, build);
            Keep(built, kept);
            return kept;
        }
        finally
        {
            Directory.Delete(draft, recursive: true);
        }
    }

    static string Kept(TorchBackend backend) => Path.Combine(CacheFolder.Of("torch"), $"{backend.Name}-{backend.Version}");

    static string InNuGetFolder(TorchBackend backend) => Path.Combine(NuGetPackages.Folder, backend.Package.ToLowerInvariant(), backend.Version, NativeFolders.InPackage);

    static bool Has(string folder, string library) => File.Exists(Path.Combine(folder, NativeFolders.FileName(library)));

    static void Keep(string built, string kept)
    {
        try
        {
            Directory.Move(built, kept);
        }
        catch (IOException) when (Directory.Exists(kept))
        {
            // Another command was faster.
        }
    }

    static DllNotFoundException CannotBeHad(TorchBackend backend, CommandResult build)
    {
        var errors = ErrorLine().Matches(build.Output).Select(match => match.Groups[1].Value).Distinct();
        string said = string.Join(" | ", errors.Take(3).DefaultIfEmpty(build.ExitCode == 0 ? "the package has no libraries for this platform" : build.LastLines(3)));
        string otherwise = backend == TorchBackend.Cuda ? ", or --torch cpu to compute on the CPU" : "";
        return new($"{backend} is not on this machine (looked {Places(backend)}) and could not be restored: {said.TrimEnd('.')}. "
                 + $"Needed are the .NET SDK and a package source that serves {backend.Package} {backend.Version} ('dotnet nuget list source'){otherwise}.");
    }

    // "torch.csproj : error NU1101: Unable to find package ... [/path/torch.csproj]"
    [GeneratedRegex(@"error ([A-Z]+\d+: .*?)(?: \[.*\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
