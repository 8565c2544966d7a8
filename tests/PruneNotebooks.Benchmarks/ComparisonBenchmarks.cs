using BenchmarkDotNet.Attributes;

namespace PruneNotebooks.Benchmarks;

/// <summary>Every comparison under BenchmarkDotNet.</summary>
public class ComparisonBenchmarks
{
    Pair? pair;

    public static IEnumerable<Comparison> Comparisons => RatioReport.Comparisons;

    [ParamsSource(nameof(Comparisons))]
    public Comparison? Comparison { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        pair = Comparison!.Prepare();
        pair.Check();
    }

    [GlobalCleanup]
    public void Free() => pair!.Dispose();

    [Benchmark(Baseline = true)]
    public void Port() => pair!.RunPort();

    [Benchmark]
    public void Ours() => pair!.RunOurs();
}
