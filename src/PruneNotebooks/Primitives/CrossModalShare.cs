using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How much of the attention of one kind of token goes to another kind (ToDRE, arXiv 2505.18757, stage 2).</summary>
public static class CrossModalShare
{
    /// <summary>The share of a range's attention that goes to another range, heads averaged first. O(H T^2).</summary>
    /// <param name="attention">Attention of a whole sequence, after the softmax, float <c>[H, T, T]</c>.</param>
    /// <param name="from">Whose attention.</param>
    /// <param name="to">Where it goes.</param>
    /// <returns>Between 0 and 1; 0 in a causal decoder if <paramref name="to"/> comes behind <paramref name="from"/>, and for an empty range.</returns>
    /// <exception cref="ArgumentException">The attention is not <c>[H, T, T]</c>, or a range exceeds it.</exception>
    public static double Of(Tensor attention, VisualSpan from, VisualSpan to)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 3 || attention.shape[1] != attention.shape[2]) throw new ArgumentException($"Attention is [heads, tokens, tokens]; it is {attention.Shape()}.", nameof(attention));
        foreach (var span in new[] { from, to })
            if (span.Start < 0 || span.Start + span.Length > attention.shape[1])
                throw new ArgumentException($"Tokens {span.Start} to {span.Start + span.Length - 1} are not among {attention.shape[1]}.", span == from ? nameof(from) : nameof(to));
        using var scope = NewDisposeScope();
        var rows = attention.narrow(1, from.Start, from.Length).to_type(ScalarType.Float64).mean([0]);
        double all = rows.sum().item<double>();
        return all > 0 ? rows.narrow(1, to.Start, to.Length).sum().item<double>() / all : 0;
    }
}
