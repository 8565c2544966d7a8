using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>ToMe: in every block of the vision tower, between attention and feed-forward part, merges the pairs of tokens whose keys are most similar.</summary>
/// <remarks>
/// <para><i>Token Merging: Your ViT but Faster</i>, arXiv 2210.09461, ICLR 2023.</para>
/// <para>
/// Tokens are averaged by the number of patches they stand for, and later blocks add the logarithm of that number to their attention. <see cref="Plan"/> spreads the merges over the blocks up to
/// the one that the tokens come from. A block can merge half of its tokens; where the budget asks for more, the merged tokens are matched again. Places in the picture are lost: a merged token
/// has the place of the one that was joined, and tokens go on in the order of the matching.
/// </para>
/// <para>Cost: O(N^2 d) for keys of width d, and O(N D) to merge.</para>
/// </remarks>
public sealed record ToMe : ITokenPruner
{
    /// <summary>Whether later blocks weigh their attention by the sizes of tokens: so for supervised towers; the paper has it off for MAE towers used as they come. Off, tokens also count as one in later merges.</summary>
    public bool ProportionalAttention { get; init; } = true;

    /// <summary>Whether the tower has a class token, which stands before the patches when they are dealt to two sides.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>How merges change from block to block: -1 falls from twice the mean to none (the paper's decreasing schedule), 0 is constant, 1 rises.</summary>
    public double Inflection
    {
        get;
        init => field = value is >= -1 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Inflection), value, $"An inflection is -1 (falling) to 1 (rising); it was {value}.");
    }

    static Signal Keys { get; } = new Signal.VisionStates(Layer.AtStage, TokenState.Key);

    static Signal TokenSizes { get; } = new Signal.TokenSizes();

    /// <inheritdoc/>
    public Signals Needs => Signals.Of(new Signal.Features(), Keys, TokenSizes);

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int keep = budget.Resolve(context.Tokens);
        if (keep == 0) return new TokenSelection([], context.Tokens);
        using var scope = NewDisposeScope();
        var (features, metric, sizes) = (context.Features, context[Keys].mean([0], type: ScalarType.Float32), context[TokenSizes]);
        foreach (var values in new[] { features, metric, sizes }) FiniteTokens.Check(values, 0, nameof(context));
        long[] order = [.. Enumerable.Range(0, context.Tokens).Select(token => (long)token)];
        while (order.Length > keep)
        {
            int merges = order.Length - keep;
            var groups = ClassToken ? BipartiteMatching.OfPatches(metric, merges) : BipartiteMatching.Of(metric, merges);
            (features, metric, sizes) = (groups.Mean(features, sizes: sizes), groups.Mean(metric, sizes: sizes), groups.Sum(sizes.unsqueeze(1)).squeeze(1));
            order = Array.ConvertAll(groups.Targets, token => order[token]);
        }
        float[]? handedOn = ProportionalAttention ? sizes.to_type(ScalarType.Float32).cpu().data<float>().ToArray() : null;
        return TokenSelection.InOrder(order, context.Tokens, features: order.Length < context.Tokens ? features : null, sizes: handedOn);
    }

    /// <summary>The steps of the blocks, which together leave a number of tokens.</summary>
    /// <param name="keep">How many tokens the last block leaves.</param>
    /// <param name="model">For which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        int[] counts = MergeSchedule.Counts(model.FeatureLayer + 1, model.Tokens, keep.Resolve(model.Tokens), Inflection);
        var plan = PruningPlan.None;
        for (int block = 0; block < counts.Length; block++)
            if (block == counts.Length - 1 || counts[block] < (block == 0 ? model.Tokens : counts[block - 1]))
                plan = plan.Then(Stage.VisionInside(block), this, counts[block]);
        return plan;
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(ToMe);
}
