using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>In which order DART's pivots choose.</summary>
public enum PivotOrder
{
    /// <summary>As Python walks through the set of their places in the prompt: what the published numbers come from.</summary>
    Set,

    /// <summary>Image pivots, then text pivots, each by the norm of their keys.</summary>
    Norm,
}

/// <summary>How DART's budget becomes a number of tokens for each pivot.</summary>
public enum PivotShares
{
    /// <summary>Image pivots count, and what is left over goes to the first pivots: exactly the budget stays.</summary>
    Exact,

    /// <summary>The authors' code: the budget is divided by the number of pivots and rounded down, and image pivots come on top.</summary>
    Published,

    /// <summary>The authors' code for LLaVA-NeXT: the same, of at most the tokens that are no pivots.</summary>
    PublishedNext,
}

/// <summary>DART: around a few pivots, those with the largest keys, keeps the tokens that are least similar to them: duplicates leave. No attention.</summary>
/// <remarks>
/// <para><i>Stop Looking for "Important Tokens" in Multimodal Language Models: Duplication Matters More</i>, arXiv 2502.11494, EMNLP 2025.</para>
/// <para>
/// Norms are L1, of all heads of the keys behind rotary embedding in the layer before the stage; similarities are those of its output behind the decoder's final norm. The paper
/// speaks of a threshold; in the code each pivot takes a fixed number. The tables' 128 tokens are 132 in the code (<see cref="Shares"/>). In which order pivots choose changes 2 to 14
/// tokens; in the code Python's hash table decides (<see cref="PivotOrder.Set"/>). Positions are kept.
/// </para>
/// <para>Cost: O(P N D + H N d + P N log N) for P pivots.</para>
/// </remarks>
public sealed record Dart : ITokenPruner
{
    /// <summary>How many visual tokens are pivots.</summary>
    public int ImagePivots { get; init => field = NotNegative(value, nameof(ImagePivots)); } = 4;

    /// <summary>How many tokens of the question are pivots; without any, the question does not matter.</summary>
    public int TextPivots { get; init => field = NotNegative(value, nameof(TextPivots)); } = 4;

    /// <summary>In which order pivots choose.</summary>
    public PivotOrder Order { get; init; } = PivotOrder.Set;

    /// <summary>At which place of the prompt the image begins; Python's order depends on it. LLaVA-1.5's if not given.</summary>
    public int ImageStart { get; init => field = NotNegative(value, nameof(ImageStart)); } = 35;

    /// <summary>How the budget becomes a number of tokens for each pivot.</summary>
    public PivotShares Shares { get; init; } = PivotShares.Exact;

    /// <summary>The decoder's layer whose keys and output are looked at.</summary>
    public Layer Layer { get; init; } = Layer.BeforeStage;

    Signal Keys => new Signal.DecoderStates(Layer, TokenState.Key);

    Signal Hidden => new Signal.DecoderStates(Layer, TokenState.Hidden);

    Signal TextKeys => new Signal.TextStates(Layer, TokenState.Key);

    Signal TextHidden => new Signal.TextStates(Layer, TokenState.Hidden);

    /// <inheritdoc/>
    public Signals Needs => TextPivots == 0 ? Signals.Of(Keys, Hidden) : Signals.Of(Keys, Hidden, TextKeys, TextHidden);

    /// <inheritdoc/>
    /// <remarks>The scores are the norms of the keys; tokens that are least similar to pivots stay whatever theirs is.</remarks>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        var roles = Roles(context, budget);
        return new TokenSelection(roles.ImagePivots.Concat(roles.Picks), context.Tokens, roles.Norms);
    }

    /// <summary>Which tokens are pivots, and which they chose.</summary>
    /// <exception cref="ArgumentException">There is no pivot at all.</exception>
    public DartRoles Roles(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int tokens = context.Tokens, keep = budget.Resolve(tokens);
        if (keep == 0) return new([], [], [], new float[tokens], []);
        if (Shares == PivotShares.Exact) return Roles(context, mostFromImage: keep, (fromImage, pivots, pivot) => ((keep - fromImage) / pivots) + (pivot < (keep - fromImage) % pivots ? 1 : 0));
        return Roles(context, tokens, (fromImage, pivots, _) => (Shares == PivotShares.Published ? keep : Math.Min(keep, tokens - fromImage)) / pivots);
    }

    /// <summary>The same with a number of tokens for each pivot in place of a budget: the code for Qwen2.5-VL takes <c>N (1 - ratio) / P</c>, rounded down.</summary>
    /// <param name="context">The signals of one image.</param>
    /// <param name="perPivot">How many tokens each pivot chooses; fewer if no more are left.</param>
    public DartRoles Roles(PruningContext context, int perPivot)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(perPivot);
        return Roles(context, context.Tokens, (_, _, _) => perPivot);
    }

    DartRoles Roles(PruningContext context, int mostFromImage, Func<int, int, int, int> share)
    {
        using var scope = NewDisposeScope();
        FiniteTokens.Check(context[Hidden], 1, nameof(context));
        var (norms, textNorms) = (Norms(context[Keys]), TextPivots == 0 ? null : Norms(context[TextKeys]));
        int tokens = context.Tokens, fromImage = Math.Min(ImagePivots, mostFromImage), fromText = Math.Min(TextPivots, textNorms?.Count ?? 0), count = fromImage + fromText;
        if (count == 0) throw new ArgumentException($"Someone must choose: there are {ImagePivots} image pivots, and {TextPivots} pivots among {textNorms?.Count ?? 0} tokens of text.", nameof(context));
        long[] pivots = Processed([.. norms.Top(fromImage), .. textNorms?.Top(fromText).Select(token => tokens + token) ?? []], context);
        long[] imagePivots = [.. pivots.Where(token => token < tokens)];
        var visual = Merged(context[Hidden]);
        var all = textNorms is null ? visual : cat([visual, Merged(context[TextHidden])]);
        var picks = LeastSimilar.Choose(visual, all.index_select(0, tensor(pivots, ScalarType.Int64, all.device)), [.. Enumerable.Range(0, count).Select(pivot => share(fromImage, count, pivot))], imagePivots);
        return new(pivots, imagePivots, picks, norms.Scores, textNorms?.Scores ?? []);
    }

    // Python hashes places in the prompt: of visual tokens in the image as it was, of text behind all of it.
    long[] Processed(long[] pivots, PruningContext context)
    {
        if (Order == PivotOrder.Norm) return pivots;
        var byPlace = pivots.ToDictionary(token => ImageStart + (token >= context.Tokens ? token - context.Tokens + context.PlaceCount : context.PlaceOf((int)token)));
        return [.. PythonSetOrder.Of([.. byPlace.Keys]).Select(place => byPlace[place])];
    }

    static Ranking Norms(Tensor keys) => Ranking.Of(keys.abs().sum([0, 2], type: ScalarType.Float32));

    // [H, N, d] to [N, H d].
    static Tensor Merged(Tensor heads) => heads.transpose(0, 1).flatten(1);

    static int NotNegative(int value, string name) => value >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"It is 0 or more; it was {value}.");
}

/// <summary>What <see cref="Dart"/> did.</summary>
/// <param name="Pivots">In the order in which they chose: visual tokens from 0 to N - 1, text tokens from N on.</param>
/// <param name="ImagePivots">Those of them that are visual tokens; they stay.</param>
/// <param name="Picks">What they chose, pivot after pivot, the least similar first.</param>
/// <param name="Norms">L1 norm of each visual token's keys.</param>
/// <param name="TextNorms">The same of each text token.</param>
public sealed record DartRoles(long[] Pivots, long[] ImagePivots, long[] Picks, float[] Norms, float[] TextNorms);
