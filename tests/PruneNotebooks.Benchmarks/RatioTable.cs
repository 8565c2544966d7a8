using System.Globalization;
using System.Text;
using PruneNotebooks.Benchmarks.Subjects;

namespace PruneNotebooks.Benchmarks;

/// <summary>Measured ratios as Markdown.</summary>
internal sealed class RatioTable
{
    readonly StringBuilder text = new();

    public RatioTable() => text.AppendLine($"{Machine.Describe()}. Medians of interleaved runs; in brackets the quartiles of the ratio from run to run.");

    /// <summary>A section of comparisons, and the geometric mean of their ratios.</summary>
    public void Add(string title, IEnumerable<(Comparison Comparison, Timing Timing)> rows)
    {
        Start(title, "| what | setting | plain ms | ours ms | ratio |", "|---|---|--:|--:|--:|");
        List<double> logarithms = [];
        foreach (var (comparison, timing) in rows)
        {
            var (low, median, high) = timing.Ratio(0, 1);
            logarithms.Add(Math.Log(median));
            text.AppendLine($"| {comparison.Subject} | {comparison.Setting} | {Number(timing.Median(0))} | {Number(timing.Median(1))} | **{Number(median)}** ({Number(low)} - {Number(high)}) |");
        }
        text.AppendLine($"| geometric mean | | | | **{Number(Math.Exp(logarithms.Average()))}** |");
    }

    /// <summary>How prefill time follows the operations.</summary>
    public void AddPrefill(int batch, IReadOnlyList<PrefillScaling.Row> rows)
    {
        Start($"Prefill of scene-llava, {(batch == 1 ? "one prompt" : $"{batch} prompts at once")}", "| visual tokens | MFLOPs per prompt | ms | fewer FLOPs | faster |", "|--:|--:|--:|--:|--:|");
        foreach (var row in rows)
            text.AppendLine($"| {row.Tokens} | {Number(row.Flops / 1e6)} | {Number(row.Milliseconds)} | {Number(rows[0].Flops / row.Flops)} | **{Number(row.SpeedUp)}** |");
    }

    /// <summary>A sentence of its own.</summary>
    public void AddLine(string sentence) => text.AppendLine().AppendLine(sentence);

    public override string ToString() => text.ToString().TrimEnd();

    void Start(string title, params string[] head)
    {
        text.AppendLine().AppendLine($"{title}:").AppendLine();
        foreach (string line in head) text.AppendLine(line);
    }

    // Three significant digits.
    static string Number(double value)
    {
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : value >= 0.1 ? 3 : 4;
        return value.ToString("F" + digits, CultureInfo.InvariantCulture);
    }
}
