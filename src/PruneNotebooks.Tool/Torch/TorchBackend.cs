using System.CommandLine;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Tool.Torch;

/// <summary>A build of libtorch that TorchSharp works with.</summary>
/// <param name="Name">How it is asked for: cpu or cuda.</param>
/// <param name="Package">The NuGet package that brings it.</param>
/// <param name="Version">Its version.</param>
/// <param name="Size">What that means for a network and a disk.</param>
sealed record TorchBackend(string Name, string Package, string Version, string Size)
{
    /// <summary>The environment variable that chooses, for this program as for builds and notebooks.</summary>
    public const string Variable = "TorchBackend";

    public static readonly TorchBackend Cpu = new("cpu", $"libtorch-cpu-{NativeFolders.Platform}", "2.10.0", "some 130 MB to download, 600 MB on disk");
    public static readonly TorchBackend Cuda = new("cuda", OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux", "0.107.0", "some 3 GB to download");

    /// <summary>The option of all commands.</summary>
    public static readonly Option<string?> Option = new Option<string?>("--torch")
    {
        Description = "Which libtorch computes: cpu, or cuda on a machine with an NVIDIA GPU. An installed prune restores it when it is first needed.", HelpName = "cpu|cuda", Recursive = true,
    }.AcceptOnlyFromAmong(Cpu.Name, Cuda.Name);

    /// <summary>Which one a command line asks for, or else the environment; <see langword="null"/> if neither does.</summary>
    /// <exception cref="UsageException">The environment variable has another value.</exception>
    public static TorchBackend? Asked(ParseResult parse) => (parse.GetValue(Option) ?? Environment.GetEnvironmentVariable(Variable)) switch
    {
        null or "" => null,
        "cpu" => Cpu,
        "cuda" => Cuda,
        var other => throw new UsageException($"The environment variable {Variable} is cpu or cuda; it was '{other}'."),
    };

    public override string ToString() => $"libtorch for {(Name == "cuda" ? "NVIDIA GPUs" : "the CPU")} ({Package} {Version})";
}
