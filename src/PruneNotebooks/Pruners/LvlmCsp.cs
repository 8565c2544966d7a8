using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>Which tokens stand for the picture in the first layers of <see cref="LvlmCsp"/>.</summary>
public enum Representatives
{
    /// <summary>Those to which the class token attends most.</summary>
    ClsAttention,

    /// <summary>Those at even distances, for towers without a class token.</summary>
    Uniform,

    /// <summary>Any.</summary>
    Random,

    /// <summary>Some of every object, by its size; an instance segmenter gives the objects (<see cref="Signal.ObjectMasks"/>). How many that are differs from the budget by rounding, and exceeds it where there are many small objects.</summary>
    Objects,
}

/// <summary>LVLM_CSP: the first decoder layers see a few representative tokens (clustering), the middle ones all (scattering), the last only those that the end of the prompt attends to (pruning).</summary>
/// <remarks>
/// <para><i>LVLM_CSP: Accelerating Large Vision Language Models via Clustering, Scattering, and Pruning for Reasoning Segmentation</i>, arXiv 2504.10854, 2025. No code was published.</para>
/// <para>
/// This is the clustering stage, before the first decoder layer: despite its name it averages nothing, representatives are single tokens. <see cref="Plan(TokenBudget, ModelDimensions, LvlmCsp?)"/> has all three. In the middle the others enter as they came from the projector, and positions
/// stay what they were; the last stage is <see cref="FastV"/>, its query the [SEG] token where the prompt ends with one. How the others come back, and all layers and counts, are not published: inferred.
/// </para>
/// <para>Cost: O(H N d + N log N).</para>
/// </remarks>
public sealed record LvlmCsp : ComposedMethod
{
    /// <summary>Which tokens stand for the picture.</summary>
    public Representatives Representatives { get; init; } = Representatives.ClsAttention;

    /// <summary>The tower's layer whose class token is asked; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <summary>For <see cref="Representatives.Random"/>: the same seed gives the same tokens.</summary>
    public long Seed { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Representatives switch
    {
        Representatives.ClsAttention => Score.ClsQuery(Layer).Then(Choose.Top),
        Representatives.Uniform => Score.Equal.Then(Choose.Evenly),
        Representatives.Random => Score.Random(Seed).Then(Choose.Top),
        Representatives.Objects => Score.Equal.Then(Choose.FromObjects),
        _ => throw new InvalidOperationException($"There are no representatives {Representatives}."),
    };

    // Of 12 layers the first 4 see a quarter of 144 tokens, 3 see all, the others see 8.
    static readonly Schedule Suggested = new(Of: 12, (4, 1 / 4.0), (7, 1 / 18.0));

    /// <summary>All three stages: representatives, a quarter of the tokens, in the first third of the layers, all in the next quarter; these shares scale with what is left in the end.</summary>
    /// <param name="keep">How many tokens the last layers see.</param>
    /// <param name="model">In which model.</param>
    /// <param name="representatives">Which tokens stand for the picture; the class token's if not given.</param>
    public static PruningPlan Plan(TokenBudget keep, ModelDimensions model, LvlmCsp? representatives = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (layers, counts) = (Suggested.Layers(model), Suggested.Counts(keep, model.Tokens));
        return Plan(counts[0], layers[0], layers[1] - layers[0], counts[1], representatives);
    }

    /// <summary>All three stages, layer by layer.</summary>
    /// <param name="clusters">How many representatives there are.</param>
    /// <param name="clusterLayers">How many layers see them alone.</param>
    /// <param name="scatterLayers">How many layers see all tokens; with 0 nothing comes back.</param>
    /// <param name="pruned">How many tokens the other layers see; 0 for none.</param>
    /// <param name="representatives">Which tokens stand for the picture; the class token's if not given.</param>
    public static PruningPlan Plan(int clusters, int clusterLayers, int scatterLayers, int pruned, LvlmCsp? representatives = null)
    {
        var plan = PruningPlan.At(Stage.Decoder(0), representatives ?? new(), clusters);
        if (scatterLayers > 0) plan = plan.ThenReturn(Stage.Decoder(clusterLayers));
        return plan.Then(Stage.Decoder(clusterLayers + scatterLayers), new FastV(), TokenBudget.CountOrNothing(pruned));
    }
}
