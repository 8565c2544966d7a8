using System.Globalization;
using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>HiDrop: visual tokens enter the decoder late, leave it in a steep pyramid where pictures and words meet, and are all gone before its deep layers.</summary>
/// <remarks>
/// <para><i>HiDrop: Hierarchical Vision Token Reduction in MLLMs via Late Injection, Concave Pyramid Pruning, and Early Exit</i>, arXiv 2602.23699, ICLR 2026.</para>
/// <para>
/// The plan has text alone in the first layers; then all tokens come as the projector made them; behind each filtering layer some leave, by the attention of the prompt's last token in that layer among the visual
/// tokens only, mean over heads; and from the exit on there are none. A filtering layer still sees what it drops. Every token keeps its position throughout (<see cref="Positions.Keep"/>).
/// The filtering layers are local maxima of <see cref="InterLayerAttention"/>; in training <see cref="DifferentiableTopK"/> chooses.
/// </para>
/// <para>
/// Its code is not published. The mean over heads, layers counted from 0 and the numbers of tokens by stage (<see cref="Pyramid"/> at 0.3: 62.4 tokens on average, the paper says 64) are inferred.
/// A model that was not trained with late injection does not understand tokens that skipped its first layers.
/// </para>
/// <para>Cost by stage: O(H N + N log N), and one attention row of one layer.</para>
/// </remarks>
public sealed record HiDrop : ComposedMethod
{
    // By stage: late injection, the filtering layers (tokens leave behind them), early exit.
    static readonly int[] Published = Pyramid(576, 0.3, 4);

    /// <summary>LLaVA-1.5-7B: injected before layer 9 of 32, filtered behind layers 10, 14, 16 and 18, gone before layer 25. The last entry is the exit, whatever its share.</summary>
    public static Schedule Stages { get; } = new(Of: 32,
        (9, 1), (11, Published[0] / 576.0), (15, Published[1] / 576.0), (17, Published[2] / 576.0), (19, Published[3] / 576.0), (25, Published[3] / 576.0));

    /// <inheritdoc/>
    public override Composition Parts => Score.LocalAttention(Layer.BeforeStage).Then(Choose.Top);

    /// <summary>How many tokens are left by stage, each keeping the same share of what arrives, so that the first cut is the largest: <c>max(1, floor(N * kept^s))</c>.</summary>
    /// <param name="tokens">N.</param>
    /// <param name="kept">The share that each stage keeps.</param>
    /// <param name="stages">How many stages.</param>
    public static int[] Pyramid(int tokens, double kept, int stages) => kept is > 0 and <= 1
        ? [.. Enumerable.Range(1, stages).Select(stage => Math.Max(1, (int)Math.Floor(tokens * Math.Pow(kept, stage))))]
        : throw new ArgumentOutOfRangeException(nameof(kept), kept, string.Create(CultureInfo.InvariantCulture, $"A stage keeps a share above 0 and at most 1; it was {kept}."));

    /// <summary>The paper's plan; to keep all tokens is no pruning, in no layer.</summary>
    /// <param name="keep">How many tokens are left behind the last filtering layer.</param>
    /// <param name="model">For which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (layers, counts) = (Stages.Layers(model), Stages.Counts(keep, model.Tokens));
        if (counts[^1] == model.Tokens) return PruningPlan.None;
        return Plan(layers[0], [.. Enumerable.Range(1, layers.Count - 2).Select(stage => (layers[stage] - 1, counts[stage]))], layers[^1]);
    }

    /// <summary>A plan of its kind.</summary>
    /// <param name="inject">The first layer that sees visual tokens, 0-based.</param>
    /// <param name="filters">Behind which layers tokens leave, and how many stay.</param>
    /// <param name="exit">The first layer that sees none again; <see langword="null"/> if all that are left stay to the end.</param>
    public PruningPlan Plan(int inject, IReadOnlyList<(int Layer, int Keep)> filters, int? exit)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var plan = inject == 0 ? PruningPlan.None : PruningPlan.None.ThenWithdraw(Stage.Decoder(0)).ThenReturn(Stage.Decoder(inject));
        // What leaves at the exit need not be filtered there.
        foreach (var (layer, keep) in filters.Where(filter => exit is null || filter.Layer + 1 < exit))
            plan = plan.Then(Stage.Decoder(layer + 1), this, TokenBudget.CountOrNothing(keep));
        return (exit is { } gone ? plan.ThenWithdraw(Stage.Decoder(gone)) : plan).With(Positions.Keep);
    }
}
