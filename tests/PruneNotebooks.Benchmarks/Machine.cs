using System.Globalization;
using TorchSharp;

namespace PruneNotebooks.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    /// <summary>Whether the processor has instructions for bfloat16 products; without them libtorch emulates, and times say nothing.</summary>
    public static bool ComputesInBFloat16 { get; } = ProcessorInfo("flags", "Features").Split(' ').Any(flag => flag is "avx512_bf16" or "amx_bf16" or "bf16");

    public static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{ProcessorInfo("model name", "CPU implementer")}, {Environment.ProcessorCount} cores ({torch.get_num_threads()} threads of libtorch {torch.__version__}), {DateTime.UtcNow:yyyy-MM-dd}");

    static string ProcessorInfo(params string[] names)
    {
        const string file = "/proc/cpuinfo";
        if (!File.Exists(file)) return System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        return File.ReadLines(file).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(field => field.Length == 2 && names.Contains(field[0]))?[1] ?? "unknown processor";
    }
}
