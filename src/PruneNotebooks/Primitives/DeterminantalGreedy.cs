using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What greedy MAP inference of a determinantal point process chose.</summary>
/// <param name="Order">The chosen tokens, in the order in which they were chosen.</param>
/// <param name="Gains">By what each of them multiplied the determinant of the kernel of those before it; 0 for tokens that only fill up.</param>
public sealed record Determinantal(long[] Order, double[] Gains)
{
    /// <summary>Logarithm of the determinant of the kernel of the chosen tokens: what the choice tries to maximise.</summary>
    public double LogDeterminant => Gains.Sum(Math.Log);
}

/// <summary>Greedy MAP inference of a determinantal point process (Chen, Zhang and Zhou, 2018) with the kernel <c>L_ij = q_i cos(x_i, x_j) q_j</c>: tokens of high quality q that point in different directions.</summary>
/// <remarks>
/// Each choice extends a Cholesky factor by one row: O(N K) memory, O(N K^2) time and one row of similarities for each choice (<see cref="GreedyByRows"/>). More tokens than
/// the features have dimensions cannot multiply the determinant by anything but noise: where the best gain falls to a millionth of the largest quality squared, the rest is filled by quality.
/// </remarks>
public static class DeterminantalGreedy
{
    const double Noise = 1e-6;

    /// <summary>Chooses tokens; equal gains: the lowest index.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros has no gain.</param>
    /// <param name="quality">The quality of each token, 0 or more.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <exception cref="ArgumentException">A token is not finite, or there are more or fewer qualities than tokens.</exception>
    public static Determinantal Choose(Tensor features, IReadOnlyList<double> quality, int count)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(quality);
        using var scope = NewDisposeScope();
        int tokens = quality.Count;
        double[] gains = Diagonal(features, quality), residual = new double[tokens];
        var factor = zeros(Math.Max(1, count), tokens, ScalarType.Float64);
        int rows = 0;
        var (order, reached) = GreedyByRows.Choose(features, count, gains, Meet, above: Noise * gains.DefaultIfEmpty(0).Max());
        long[] rest = [.. Enumerable.Range(0, tokens).Select(i => (long)i).Except(order).OrderByDescending(i => quality[(int)i]).Take(count - order.Length)];
        return new([.. order, .. rest], [.. reached, .. rest.Select(_ => 0.0)]);

        void Meet(long token, float[] similarity)
        {
            double pivot = quality[(int)token], root = Math.Sqrt(gains[token]);
            if (rows > 0)
            {
                var above = factor.narrow(0, 0, rows);
                above.t().mv(above.select(1, token)).data<double>().CopyTo(residual);
            }
            for (int i = 0; i < tokens; i++)
            {
                residual[i] = ((pivot * similarity[i] * quality[i]) - residual[i]) / root;
                gains[i] -= residual[i] * residual[i];
            }
            factor[rows++] = tensor(residual);
        }
    }

    // A token's similarity to itself, 1 or 0 for zeros, times its quality squared.
    static double[] Diagonal(Tensor features, IReadOnlyList<double> quality)
    {
        bool[] directed = features.ne(0.ToCachedScalar()).any(1).cpu().data<bool>().ToArray();
        if (directed.Length != quality.Count) throw new ArgumentException($"There are {directed.Length} tokens and {quality.Count} qualities.", nameof(quality));
        return [.. quality.Select((q, i) => directed[i] ? q * q : 0)];
    }
}
