using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Attention without what rotary embedding alone gives to tokens that stand nearer, over the heads that look most at the picture.</summary>
/// <remarks><i>SparseVLM+</i> (version 2.0 of arXiv 2410.04417): divided by the product of two all-ones vectors at the same distance, <c>2 / sqrt(d) * sum_i cos(distance * theta^(-2i/d))</c>.</remarks>
/// <param name="Heads">The heads that count, most corrected attention first.</param>
/// <param name="Scores">Mean corrected attention of each token over those heads and the rows, <c>[N]</c>: of any size, not a distribution.</param>
public sealed record RecencyCorrection(long[] Heads, float[] Scores)
{
    /// <summary>Corrects attention and chooses heads.</summary>
    /// <param name="attention">Attention of R text tokens to the N visual ones, float <c>[H, R, N]</c>.</param>
    /// <param name="rows">Positions of the text tokens, R.</param>
    /// <param name="tokens">Positions of the visual tokens, N.</param>
    /// <param name="headSize">d.</param>
    /// <param name="heads">How many heads count; all if there are not so many.</param>
    /// <param name="theta">Base of the rotary embedding.</param>
    /// <exception cref="ArgumentException">Shapes disagree.</exception>
    public static RecencyCorrection Of(Tensor attention, IReadOnlyList<long> rows, IReadOnlyList<long> tokens, int headSize, int heads, double theta = 10000)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(tokens);
        if (attention.dim() != 3 || attention.shape[1] != rows.Count || attention.shape[2] != tokens.Count)
            throw new ArgumentException($"Attention of {rows.Count} rows to {tokens.Count} tokens is [H, {rows.Count}, {tokens.Count}]; it is {attention.Shape()}.", nameof(attention));
        FiniteTokens.Check(attention, 2, nameof(attention));
        using var scope = NewDisposeScope();
        var corrected = attention.to_type(ScalarType.Float32).div(Ones(rows, tokens, headSize, theta).to(attention.device));
        long[] chosen = Ranking.Of(corrected.sum([1, 2])).Top(Math.Min(heads, (int)attention.shape[0]));
        return new(chosen, corrected.index_select(0, tensor(chosen, ScalarType.Int64, attention.device)).mean([0, 1]).cpu().data<float>().ToArray());
    }

    /// <summary>The product of two all-ones vectors of one head after rotary embedding, divided by sqrt(d), at each distance that occurs.</summary>
    /// <returns>Float32 <c>[rows, tokens]</c>.</returns>
    static Tensor Ones(IReadOnlyList<long> rows, IReadOnlyList<long> tokens, int headSize, double theta)
    {
        long nearest = rows.Min() - tokens.Max(), farthest = rows.Max() - tokens.Min();
        var frequencies = tensor([.. Enumerable.Range(0, headSize / 2).Select(pair => Math.Pow(theta, -2.0 * pair / headSize))], ScalarType.Float64);
        var byDistance = Indices.Range(nearest, farthest + 1).to_type(ScalarType.Float64).unsqueeze(1).mul(frequencies).cos_().sum(1).mul_((2 / Math.Sqrt(headSize)).ToCachedScalar()).to_type(ScalarType.Float32);
        var distance = tensor([.. rows]).unsqueeze(1).sub(tensor([.. tokens]).unsqueeze(0)).sub_(nearest.ToCachedScalar());
        return byDistance.index_select(0, distance.flatten()).view(rows.Count, tokens.Count);
    }
}
