using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How widely attention is spread: the entropy of the share that each token receives, in nats; 0 if one token has all of it, ln N if all have the same.</summary>
/// <remarks>As used by <i>AgilePruner</i>, arXiv 2603.01236, and <i>FlowCut</i>, arXiv 2505.19536: the attention to the tokens is divided by its sum first. In float64.</remarks>
public static class AttentionEntropy
{
    /// <summary>The entropy of each row.</summary>
    /// <param name="attention">Float <c>[..., N]</c>, not negative; rows need not sum to 1.</param>
    /// <returns>Float64 <c>[...]</c>: of one row a scalar tensor.</returns>
    /// <exception cref="ArgumentException">No tokens, a negative or not finite attention, or a row without any; the message names the token.</exception>
    public static Tensor Of(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() == 0 || attention.NumberOfElements == 0) throw new ArgumentException($"Attention is [..., N] with at least one token; it is {attention.Shape()}.", nameof(attention));
        FiniteTokens.Check(attention, (int)attention.dim() - 1, nameof(attention));
        using var scope = NewDisposeScope();
        var p = attention.to_type(ScalarType.Float64);
        if (p.min().item<double>() < 0) throw new ArgumentException($"The attention of token {p.amin([.. Enumerable.Range(0, (int)p.dim() - 1).Select(i => (long)i)]).argmin().item<long>()} is negative.", nameof(attention));
        var sum = p.sum(-1, keepdim: true);
        if (!(sum.min().item<double>() > 0)) throw new ArgumentException("No token receives any attention: its entropy is undefined.", nameof(attention));
        p = p.div(sum);
        return p.xlogy(p).sum(-1).neg_().MoveToOuterDisposeScope();
    }
}
