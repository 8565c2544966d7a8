using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Random;

namespace PruneNotebooks.Metrics;

/// <summary>A place of the unit cube and the value that was found there.</summary>
/// <param name="Place">Coordinates between 0 and 1.</param>
/// <param name="Value">What is to be large.</param>
public sealed record Trial(IReadOnlyList<double> Place, double Value);

/// <summary>Looks for the largest value of a function that is expensive and has no gradient, with few evaluations: a Gaussian process guesses it from what was seen, and the next place is the one of largest expected improvement.</summary>
/// <remarks>
/// Mockus 1975; Jones, Schonlau and Welch 1998 (J. Global Optimization 13). Matérn kernel 5/2 of one length for all coordinates, chosen anew at each step by its likelihood; expected improvement is compared
/// at random places, some of them near the best one. Cost by step: O(n^3) for n evaluations.
/// </remarks>
public static class BayesianSearch
{
    const int Candidates = 512, Near = 256;
    const double Noise = 1e-4;
    static readonly double[] Lengths = [0.1, 0.2, 0.4, 0.8, 1.6];

    /// <summary>Searches the unit cube.</summary>
    /// <param name="dimensions">How many coordinates.</param>
    /// <param name="value">The function.</param>
    /// <param name="evaluations">How often it may be evaluated.</param>
    /// <param name="initial">How many of the places are drawn at random first.</param>
    /// <param name="seed">The same seed tries the same places.</param>
    /// <returns>All trials in their order; the best is the one of the largest value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or more places are to be drawn than evaluated.</exception>
    public static IReadOnlyList<Trial> Maximise(int dimensions, Func<IReadOnlyList<double>, double> value, int evaluations, int initial = 10, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(initial, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(evaluations, initial);
        var random = new MersenneTwister(seed, threadSafe: false);
        List<Trial> trials = [];
        while (trials.Count < evaluations)
        {
            double[] place = trials.Count < initial ? Anywhere(random, dimensions) : Next(trials, random, dimensions);
            trials.Add(new(place, value(place)));
        }
        return trials;
    }

    static double[] Anywhere(Random random, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => random.NextDouble())];

    static double[] Next(List<Trial> trials, Random random, int dimensions)
    {
        var best = trials.MaxBy(trial => trial.Value)!;
        double[][] places = [.. trials.Select(trial => trial.Place.ToArray())];
        double[][] candidates = [.. Enumerable.Range(0, Candidates).Select(_ => Anywhere(random, dimensions)),
            .. Enumerable.Range(0, Near).Select(_ => best.Place.Select(x => Math.Clamp(x + 0.1 * Normal.Sample(random, 0, 1), 0, 1)).ToArray())];
        double mean = trials.Average(trial => trial.Value), spread = Math.Sqrt(trials.Average(trial => Math.Pow(trial.Value - mean, 2)));
        if (!(spread > 0)) return candidates[0];
        var values = Vector<double>.Build.DenseOfEnumerable(trials.Select(trial => (trial.Value - mean) / spread));
        var (length, process) = Lengths.Select(length => (Length: length, Process: Kernel(places, places, length, Noise).Cholesky()))
            .MaxBy(guess => -0.5 * (values * guess.Process.Solve(values)) - 0.5 * guess.Process.DeterminantLn);
        var weights = process.Solve(values);
        var seen = Kernel(places, candidates, length);
        var explained = process.Solve(seen);
        double top = values.Max();
        return candidates[Enumerable.Range(0, candidates.Length).MaxBy(i =>
        {
            double guess = seen.Column(i) * weights, deviation = Math.Sqrt(Math.Max(1e-12, 1 - seen.Column(i) * explained.Column(i))), z = (guess - top) / deviation;
            return (guess - top) * Normal.CDF(0, 1, z) + deviation * Normal.PDF(0, 1, z);
        })];
    }

    static Matrix<double> Kernel(double[][] first, double[][] second, double length, double noise = 0) => Matrix<double>.Build.Dense(first.Length, second.Length, (i, j) =>
    {
        double distance = Math.Sqrt(5 * first[i].Zip(second[j], (a, b) => (a - b) * (a - b)).Sum()) / length;
        return (1 + distance + distance * distance / 3) * Math.Exp(-distance) + (i == j ? noise : 0);
    });
}
