using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>LRS-VQA: of a large picture, keeps the tokens that the last prompt token looks at, weighed within the picture alone; before that, coarse tokens have pointed to the tiles that are worth a closer look.</summary>
/// <remarks>
/// <para><i>When Large Vision-Language Model Meets Large Remote Sensing Imagery: Coarse-to-Fine Text-Guided Token Pruning</i>, arXiv 2503.07588, ICCV 2025.</para>
/// <para>
/// The paper distils a Region Focus Module, copies of a few decoder layers, to foretell the attention of the model's layer 14 of 32; without one, that layer is asked itself, so tokens leave at its input rather
/// than before the decoder. The zoom from level to level is <see cref="ImagePyramid"/> and <see cref="RegionFocus.Tiles"/>. The paper's budget is <c>trunc(0.25 N)</c>, and every newline token on top of it;
/// the paper renumbers positions.
/// </para>
/// <para>Cost: O(H N + N log N), and one attention row in one layer.</para>
/// </remarks>
public sealed record LrsVqa : ComposedMethod
{
    internal static readonly Schedule Published = new(Of: 32, (14, 0.25));

    /// <summary>The decoder's layer whose attention is foretold or asked.</summary>
    public Layer Layer { get; init; } = Layer.AtStage;

    /// <summary>Whether the grid's last column holds newline tokens, which all stay on top of the budget.</summary>
    public bool Newlines { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Score.LocalAttention(Layer).Then(Newlines ? Choose.TopAndNewlines : Choose.Top);
}
