using System.Diagnostics;
using PruneNotebooks.Benchmarks.Subjects;

namespace PruneNotebooks.Benchmarks;

/// <summary>Measures everything and puts the table of ratios into CONTRIBUTING.md.</summary>
internal static class RatioReport
{
    static readonly (string Title, IEnumerable<Comparison> Comparisons)[] Sections =
    [
        ("Choosing tokens, published sequence of operations / ours", PrunerComparisons.Choices),
        ("Merging tokens and deleting repetitions, published sequence of operations / ours", MergingComparisons.All),
        ("Choosing tokens by a score and what the kept ones have already, published sequence of operations / ours", BalanceComparisons.All),
        ("Choosing tokens of views, interfaces, large pictures and prompts with examples, published sequence of operations / ours", LayoutComparisons.All),
        ("Choosing tokens by flow of attention and by quotas, published sequence of operations / ours", FlowComparisons.All),
        ("The same with the attention layers that are looked at, from queries, keys and values", PrunerComparisons.ChoicesWithAttention),
        ("One stage inside the decoder, published sequence of operations / ours", DecoderComparisons.All),
        ("Parts of LLaVA-1.5-7B's shape, plainest libtorch form / ours", LayerComparisons.All),
        ("Matrix entropy at LLaVA-1.5-7B's shapes, the larger side / the smaller side", EntropyComparisons.All),
        ("Instruments, a whole forward pass for each number / ours", HorizonComparisons.All),
    ];

    public static IEnumerable<Comparison> Comparisons => Sections.SelectMany(section => section.Comparisons);

    /// <summary>Measures and writes; with words, measures only what contains one of them, and writes nothing.</summary>
    public static void Run(IReadOnlyList<string> words)
    {
        var table = new RatioTable();
        foreach (var (title, comparisons) in Sections)
        {
            var wanted = comparisons.Where(comparison => Wanted(comparison.ToString())).ToList();
            if (wanted.Count > 0) table.Add(title, wanted.Select(comparison => (comparison, Measure(comparison))));
        }
        if (Wanted("prefill"))
            foreach (int batch in (int[])[1, 16]) table.AddPrefill(batch, PrefillScaling.Measure(batch));
        if (Wanted("information horizon")) table.AddLine($"The whole map of scene-llava, 10 layers x 36 windows x 200 questions, took {HorizonComparisons.Seconds(200):0} s.");
        if (words.Count == 0) ContributingPage.Replace(table.ToString());
        else Console.WriteLine(table);

        bool Wanted(string name) => words.Count == 0 || words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    static Timing Measure(Comparison comparison)
    {
        Console.Write($"{comparison} ... ");
        using var pair = comparison.Prepare();
        pair.Check();
        var timing = InterleavedTiming.Measure(() => Time(pair.RunPort), () => Time(pair.RunOurs));
        Console.WriteLine($"{timing.Ratio(0, 1).Median:0.00}");
        return timing;
    }

    static double Time(Action way)
    {
        long start = Stopwatch.GetTimestamp();
        way();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
