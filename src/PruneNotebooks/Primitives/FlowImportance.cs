using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The importance of visual tokens by attention from those that are attended to themselves.</summary>
/// <param name="Important">The tokens whose attention counts, ascending.</param>
/// <param name="Scores">The importance of each token, <c>[N]</c>.</param>
public sealed record FlowImportance(long[] Important, float[] Scores)
{
    /// <summary>Attention of the important tokens, on average, plus a share of patch entropy (<i>VFlowOpt</i>, arXiv 2508.05211, Eq. 1 to 4, as in the authors' code).</summary>
    /// <param name="attention">Attention among the N tokens in one layer of the tower, float <c>[H, N, N]</c>, rows are queries.</param>
    /// <param name="threshold">A token is important if it receives more than this times the mean. If none does, all are: the authors' code divides by zero there.</param>
    /// <param name="entropy">Entropy of each patch (<see cref="PatchEntropy"/>), <c>[N]</c>; only looked at if <paramref name="alpha"/> is not 0.</param>
    /// <param name="alpha">Weight of the softmax of the entropy, which sums to 1 while importance is about 1 / N: 0 in all published settings.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or a token's attention is not finite.</exception>
    public static FlowImportance Of(Tensor attention, double threshold, Tensor? entropy = null, double alpha = 0)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 3 || attention.shape[1] != attention.shape[2]) throw new ArgumentException($"Attention among tokens is [H, N, N]; it is {attention.Shape()}.", nameof(attention));
        if (alpha != 0 && entropy is null) throw new ArgumentNullException(nameof(entropy), $"A weight of {alpha} needs the entropy of the patches.");
        if (entropy is not null && (entropy.dim() != 1 || entropy.shape[0] != attention.shape[2]))
            throw new ArgumentException($"There are {attention.shape[2]} tokens, but entropies are {entropy.Shape()}.", nameof(entropy));
        using var scope = NewDisposeScope();
        var mean = attention.mean([0], type: ScalarType.Float32);
        var received = mean.mean([0]);
        FiniteTokens.Check(received, 0, nameof(attention));
        long[] important = received.gt(received.mean().mul(threshold.ToCachedScalar())).nonzero().flatten().cpu().data<long>().ToArray();
        var scores = important.Length == 0 ? received : mean.index_select(0, tensor(important, ScalarType.Int64, mean.device)).mean([0]);
        if (alpha != 0) scores = scores.add(entropy!.softmax(0, ScalarType.Float32).mul(alpha.ToCachedScalar()));
        return new(important, scores.cpu().data<float>().ToArray());
    }
}
