using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>In how many directions tokens differ: the exponential of the entropy of their singular values (Roy and Vetterli 2007).</summary>
/// <remarks>
/// As used by <i>AgilePruner</i>, arXiv 2603.01236: <c>exp(-sum(q ln q))</c>, q the singular values divided by their sum; between 1 and min(N, D). The printed form does not centre the tokens;
/// with centring the number is another one, so an average to compare with must come from the same form. N D min(N, D) + min(N, D)^3, in float64.
/// </remarks>
public static class EffectiveRank
{
    const double Precision = 2.2e-16;

    /// <summary>The effective rank of tokens; 0 if all of them are zero.</summary>
    /// <param name="tokens">Float <c>[N, D]</c>, finite, not normalised.</param>
    /// <param name="centred">Whether the mean over the tokens is subtracted first.</param>
    /// <exception cref="ArgumentException">Other dimensions, or a token is not finite; the message names it.</exception>
    public static double Of(Tensor tokens, bool centred = false)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.dim() != 2 || tokens.NumberOfElements == 0) throw new ArgumentException($"Tokens are [N, D], at least one; they are {tokens.Shape()}.", nameof(tokens));
        FiniteTokens.Check(tokens, 0, nameof(tokens));
        using var scope = NewDisposeScope();
        var x = tokens.to_type(ScalarType.Float64);
        if (centred) x = x.sub(x.mean([0], keepdim: true));
        var squares = GramSpectrum.Of(x);
        // What rounding leaves of zeros would count, because roots are taken: the usual tolerance of a numerical rank.
        double[] eigenvalues = squares.cpu().data<double>().ToArray();
        double tolerance = eigenvalues[^1] * Precision * Math.Max(x.shape[0], x.shape[1]);
        double[] singular = [.. eigenvalues.Where(square => square > tolerance).Select(Math.Sqrt)];
        double sum = singular.Sum();
        return singular.Length == 0 ? 0 : Math.Exp(-singular.Sum(s => s / sum * Math.Log(s / sum)));
    }
}
