using System.Net;
using System.Text;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>A trace in words and tables: what left where, what each decoder layer saw, what it cost; in HTML with the picture of the KV cache.</summary>
public static class TraceReport
{
    /// <summary>The report as plain text.</summary>
    public static string Text(PruningTrace trace) => string.Join("\n\n", [Headline(trace), .. Tables(trace).Select(table => $"{table}"), Attention(trace)]);

    /// <summary>The report as HTML without script or style.</summary>
    public static string Html(PruningTrace trace)
    {
        var html = new StringBuilder($"<p>{WebUtility.HtmlEncode(Headline(trace))}</p>");
        foreach (var table in Tables(trace)) html.Append(table.ToHtml());
        return html.Append($"<p>{Show.Image(KvPicture.Of(trace).ToPng(), KvText(trace))}</p><p>{WebUtility.HtmlEncode(Attention(trace))}</p>").ToString();
    }

    /// <summary>What each step did: tokens that arrived and stayed.</summary>
    public static Table Steps(PruningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        bool several = trace.Images.Count > 1;
        return Table.Of(trace.Stages, [
            ("stage", step => step.Stage),
            ("method", step => step.Pruner is { } pruner ? MethodText.Name(pruner) : "given"),
            .. several ? new (string, Func<StageTrace, object?>)[] { ("image", step => step.Image) } : [],
            ("tokens in", step => step.Arrived.Count),
            ("tokens out", step => step.Kept.Count),
            ("kept", step => Units.Percent((double)step.Kept.Count / step.Arrived.Count)),
        ]);
    }

    /// <summary>How many tokens the decoder layers saw, equal neighbours in one row.</summary>
    public static Table Layers(PruningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var rows = new List<object?[]>();
        for (int first = 0, next; first < trace.Alive.Count; first = next)
        {
            next = first + 1;
            while (next < trace.Alive.Count && Same(first, next)) next++;
            rows.Add([next - first == 1 ? $"{first}" : $"{first}-{next - 1}", trace.VisualTokens[first], trace.Alive[first].Count]);
        }
        return new Table(["decoder layers", "visual tokens", "all tokens"], rows);

        bool Same(int a, int b) => trace.VisualTokens[a] == trace.VisualTokens[b] && trace.Alive[a].Count == trace.Alive[b].Count;
    }

    /// <summary>Floating-point operations and time by part of the model. The time is that of one run, not a benchmark.</summary>
    public static Table Cost(PruningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var (cost, times) = (trace.Cost, trace.Times);
        return new Table(["part", "operations", "time, one run"], [
            ["vision", Units.Flops(cost.VisionFlops), times.Vision],
            ["selection", null, times.Selection],
            ["prefill", Units.Flops(cost.PrefillFlops), times.Prefill],
            ["decode", Units.Flops(cost.DecodeFlops), times.Decode],
            ["total", Units.Flops(cost.VisionFlops + cost.PrefillFlops + cost.DecodeFlops), times.Total],
        ]);
    }

    static IEnumerable<Table> Tables(PruningTrace trace) =>
        trace.Stages.Count == 0 ? [Layers(trace), Cost(trace)] : [Steps(trace), Layers(trace), Cost(trace)];

    static string Headline(PruningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return $"{trace.KeptVisualTokens} of {trace.AllVisualTokens} visual tokens reach the last layer"
            + $" ({Units.Percent((double)trace.KeptVisualTokens / Math.Max(1, trace.AllVisualTokens))}); a decoder layer sees {Units.Number(trace.AverageVisualTokens)} on average;"
            + $" the KV cache holds {Units.Bytes(trace.Cost.KvCacheBytes)} after the prefill.";
    }

    /// <summary>Which layers computed explicit attention, in a sentence.</summary>
    internal static string Attention(PruningTrace trace) => trace.UnfusedLayers.Count == 0
        ? "Fused attention in every layer."
        : $"Explicit attention, because a method looked at it, in {string.Join(", ", trace.UnfusedLayers)}; fused attention in all other layers.";

    static string KvText(PruningTrace trace) =>
        $"KV cache, layers by positions of the prompt. {string.Join("; ", Layers(trace).Rows.Select(row => $"layers {row[0]}: {row[1]} visual of {row[2]} tokens"))}.";
}
