using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using PruneNotebooks.Models;
using PruneNotebooks.Tool.Torch;
using static TorchSharp.torch;

namespace PruneNotebooks.Tool.Commands;

/// <summary>Where and in which type a command computes.</summary>
static partial class ComputeOptions
{
    public static readonly Option<string?> Where = new("--device") { Description = "Where to compute: cpu, cuda or cuda:1. A CUDA device if there is one, or if --torch cuda asks for it, else the CPU.", HelpName = "device" };
    public static readonly Option<string?> Type = new Option<string?>("--dtype")
    {
        Description = "In which type: float32, bfloat16, float16 or float64. float32 if not given; bfloat16 on a GPU if the checkpoint is stored in 16 bits.", HelpName = "type",
    }.AcceptOnlyFromAmong("float32", "bfloat16", "float16", "float64");

    /// <summary>Loads a model there.</summary>
    public static Vlm Load(ParseResult parse, string model) => Vlm.Load(model, DeviceOf(parse), TypeOf(parse));

    static Device? DeviceOf(ParseResult parse)
    {
        string? name = parse.GetValue(Where) ?? (TorchBackend.Asked(parse) == TorchBackend.Cuda ? "cuda" : null);
        if (name is null) return null;
        if (DeviceName().Match(name) is not { Success: true } match) throw new UsageException($"--device is cpu, cuda or cuda:1; it was '{name}'.");
        // Not torch.device(name), which wants the GPU at once and fails in words of its own.
        return name == "cpu" ? CPU : new Device(TorchSharp.DeviceType.CUDA, match.Groups["index"] is { Success: true } index ? int.Parse(index.ValueSpan, CultureInfo.InvariantCulture) : -1);
    }

    static ScalarType? TypeOf(ParseResult parse) => parse.GetValue(Type) is { } name ? Enum.Parse<ScalarType>(name, ignoreCase: true) : null;

    [GeneratedRegex(@"^(cpu|cuda(:(?<index>\d{1,2}))?)$")]
    private static partial Regex DeviceName();
}
