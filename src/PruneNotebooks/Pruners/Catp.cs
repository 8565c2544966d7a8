using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>CATP, first stage: of each picture of an in-context prompt, keeps tokens that stand for all of its tokens and fit the text behind it.</summary>
/// <remarks>
/// <para><i>CATP: Contextually Adaptive Token Pruning for multimodal in-context learning</i>, arXiv 2508.07871, AAAI 2026. No code was published.</para>
/// <para>
/// Half of what is to leave, leaves here, behind the projector. The other half leaves behind decoder layer 6 of 32, where <see cref="Context"/> weighs all demonstrations against each other
/// as the question sees them, and one layer later, where <see cref="Query"/> looks at the last picture as the distilled demonstrations see it. <see cref="Plan"/> is all three. Positions are kept.
/// </para>
/// <para>Cost: O((N + T) D), and <see cref="CoverageGreedy"/>, N^2 D / 2 and about N^2 log K.</para>
/// </remarks>
public sealed record Catp : ComposedMethod
{
    // Layers alone: how many stay follows from the budget.
    static readonly Schedule Published = new(Of: 32, (6, 1), (7, 1));

    /// <summary>Weight of the fit with the text, 0 or more (the paper's lambda 1).</summary>
    public double Alignment
    {
        get;
        init => field = value is >= 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(nameof(Alignment), value, $"The weight of the fit with the text is 0 or more; it was {value}.");
    } = 0.7;

    /// <summary>Weight of the likeness to the question at the second stage, 0 or more (the paper's lambda 2).</summary>
    public double Likeness
    {
        get;
        init => field = value is >= 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(nameof(Likeness), value, $"The weight of the likeness to the question is 0 or more; it was {value}.");
    } = 0.6;

    /// <summary>The second stage, for all pictures but the last.</summary>
    public CatpContext Context => new(Likeness);

    /// <summary>The last stage, for the last picture.</summary>
    public CatpQuery Query { get; } = new();

    /// <inheritdoc/>
    public override Composition Parts => Score.PairedTextMatch.Then(Choose.AlignedCoverage(Alignment));

    /// <summary>In which order tokens were kept, and what each added to the paper's F.</summary>
    public Coverage Order(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var parts = Parts;
        return ((AlignedCoverageChoice)parts.Choice).Cover(context, Ranking.Of(parts.Score.Of(context)), budget.Resolve(context.Tokens));
    }

    /// <summary>All stages: <c>floor(N (1 - R / 2))</c> tokens of each picture behind the projector, a share 1 - R of all demonstrations and of the last picture in the end.</summary>
    /// <param name="keep">How many tokens of a picture are left in the end, on average over the demonstrations.</param>
    /// <param name="model">In which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        var layers = Published.Layers(model);
        int last = keep.Resolve(model.Tokens);
        return PruningPlan.At(Stage.Projector, this, (model.Tokens + last) / 2)
            .Then(Stage.Decoder(layers[0]), Context, last)
            .Then(Stage.Decoder(layers[1]), Query, last);
    }
}
