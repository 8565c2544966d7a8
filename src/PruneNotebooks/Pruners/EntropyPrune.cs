using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>EntropyPrune: keeps the visual tokens whose heads differ most from each other, by the matrix entropy of their queries. No attention map is needed.</summary>
/// <remarks>
/// <para><i>EntropyPrune: Matrix Entropy Guided Visual Token Pruning for Multimodal Large Language Models</i>, arXiv 2602.17196, Findings of EMNLP 2026.</para>
/// <para>
/// The stage is the entropy collapse layer K (<c>EntropyCollapse.Measure</c> finds it): <c>Stage.Decoder(2)</c> for LLaVA-1.5-7B, 1 for Qwen2.5-VL-7B. The queries are those of layer K - 1
/// after rotary embedding, and positions are kept. The paper's budgets are averages over all layers: <see cref="TokenBudget.ForAverage"/>.
/// </para>
/// <para>
/// As in the authors' code, eigenvalues are not scaled to a sum of 1, so that a score may be far below 0 and tokens of high energy go first where activations are large.
/// </para>
/// <para>Cost: O(N H^2 (d + H)) in float64, from the smaller Gram matrix.</para>
/// </remarks>
public sealed record EntropyPrune : ComposedMethod
{
    /// <summary>Whose entropy it is; the paper's ablation has all four.</summary>
    public TokenState Matrix { get; init; } = TokenState.Query;

    /// <summary>Neighbouring dimensions of wider heads are averaged down to this many; heads that are not wider stay as they are.</summary>
    public int HeadSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(HeadSize), value, $"A head has one dimension or more; it was {value}.");
    } = 128;

    /// <summary>Eigenvalues below are raised to this.</summary>
    public double Epsilon
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, $"The smallest eigenvalue is positive; it was {value}.");
    } = 1e-10;

    /// <inheritdoc/>
    public override Composition Parts => Score.MatrixEntropy(Layer.BeforeStage, Matrix, HeadSize, Epsilon).Then(Choose.Top);
}
