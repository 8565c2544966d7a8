using System.Globalization;
using MathNet.Numerics.Random;
using MathNet.Numerics.Statistics;
using TorchSharp;

namespace PruneNotebooks.Metrics;

/// <summary>The information of visual tokens by layer and window, measured on a model: what <see cref="InformationHorizon"/> gives.</summary>
/// <param name="Model">The model that was measured.</param>
/// <param name="Cut">The windows.</param>
/// <param name="Layers">The measured decoder layers, 0-based: tokens left at their input.</param>
/// <param name="Probes">What each probe gave.</param>
public sealed record InformationMap(string Model, TokenWindows Cut, IReadOnlyList<int> Layers, IReadOnlyList<ProbeInformation> Probes)
{
    /// <summary>The kinds of questions among the probes, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Categories => [.. Probes.Select(probe => probe.Category).Distinct()];

    /// <summary>The same measurement for questions of one kind.</summary>
    /// <exception cref="ArgumentException">No probe is of that kind.</exception>
    public InformationMap Of(string category)
    {
        ProbeInformation[] some = [.. Probes.Where(probe => probe.Category == category)];
        return some.Length > 0 ? this with { Probes = some }
            : throw new ArgumentException($"No probe is of the kind '{category}'; there are {string.Join(", ", Categories)}.", nameof(category));
    }

    /// <summary>The measurement of each kind of question, in the order of their first appearance.</summary>
    public IReadOnlyDictionary<string, InformationMap> ByCategory => new OrderedDictionary<string, InformationMap>(Categories.Select(category => KeyValuePair.Create(category, Of(category))));

    /// <summary>Mean information over the probes, <c>[layers, windows]</c>.</summary>
    public double[,] Mean() => Mean(Probes);

    /// <summary>The standard error of <see cref="Mean()"/> from probe to probe, <c>[layers, windows]</c>: how far it is from what endless probes would give.</summary>
    public double[,] StandardError()
    {
        var mean = Mean();
        double[,] error = new double[Layers.Count, Cut.Count];
        foreach (var (layer, window) in Places())
        {
            double squares = Probes.Sum(probe => Math.Pow(probe.Information(layer, window) - mean[layer, window], 2));
            error[layer, window] = Math.Sqrt(squares / Math.Max(1, Probes.Count - 1) / Probes.Count);
        }
        return error;
    }

    /// <summary>Mean, spread and largest information of a window by layer, and the horizon by the information rule.</summary>
    public InformationCurve Curve => CurveOf(Mean());

    /// <summary>Accuracy when all visual tokens leave at a layer, and the horizon by the withdrawal rule.</summary>
    public Withdrawal Withdrawal => new([.. Enumerable.Range(0, Probes[0].RightWithout.Count).Select(k => Proportion.Of(Probes.Select(probe => probe.RightWithout[k])))]);

    /// <summary>The horizon by the information rule; <see langword="null"/> if the last measured layer still holds information.</summary>
    public int? Horizon(double epsilon = InformationCurve.DefaultEpsilon) => epsilon >= 0 ? Horizon(Curve.LargestAbsolute, epsilon)
        : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "A threshold on probabilities is expected, 0 or more.");

    /// <summary>The 95 % interval of the horizon over pictures, by drawing pictures again.</summary>
    /// <param name="epsilon">Threshold on a difference of probabilities.</param>
    /// <param name="seed">Makes the result repeatable.</param>
    /// <param name="resamples">How often to draw again.</param>
    /// <returns>Layers; an end behind the last measured layer means that there is no horizon.</returns>
    public Interval HorizonInterval(double epsilon = InformationCurve.DefaultEpsilon, int seed = 0, int resamples = 500)
    {
        ProbeInformation[][] pictures = [.. Probes.GroupBy(probe => probe.Picture).Select(group => group.ToArray())];
        // What a picture adds to the sum over probes; drawing pictures again is then a sum of these.
        using var scope = torch.NewDisposeScope();
        var sums = torch.stack([.. pictures.Select(probes => torch.tensor(Mean(probes)) * probes.Length)]).flatten(1);
        var random = new MersenneTwister(seed, threadSafe: false);
        double[,] draws = new double[resamples, pictures.Length];
        for (int resample = 0; resample < resamples; resample++)
            for (int draw = 0; draw < pictures.Length; draw++) draws[resample, random.Next(pictures.Length)]++;
        var drawn = torch.tensor(draws);
        var counts = torch.tensor(pictures.Select(probes => (double)probes.Length).ToArray());
        var means = (drawn.matmul(sums) / drawn.matmul(counts).unsqueeze(1)).view(resamples, Layers.Count, Cut.Count);
        double[] largest = means.abs().amax([2]).data<double>().ToArray();
        double[] horizons = [.. Enumerable.Range(0, resamples).Select(resample =>
            (double)(Horizon(largest.AsSpan(resample * Layers.Count, Layers.Count), epsilon) ?? Layers[^1] + 1)).Order()];
        return new(horizons[(int)(0.025 * resamples)], horizons[(int)(0.975 * (resamples - 1))]);
    }

    /// <summary>The 95 % interval over pictures of any number that is computed from a measurement, by drawing pictures again.</summary>
    /// <param name="number">Computes it; what is not finite, because a drawn measurement lacks a kind of question, does not count.</param>
    /// <param name="seed">Makes the result repeatable.</param>
    /// <param name="resamples">How often to draw again.</param>
    /// <returns>Not numbers if no draw gave one.</returns>
    public Interval IntervalOf(Func<InformationMap, double> number, int seed = 0, int resamples = 200)
    {
        ArgumentNullException.ThrowIfNull(number);
        ProbeInformation[][] pictures = [.. Probes.GroupBy(probe => probe.Picture).Select(group => group.ToArray())];
        var random = new MersenneTwister(seed, threadSafe: false);
        double[] drawn = [.. Enumerable.Range(0, resamples)
            .Select(_ => number(this with { Probes = [.. pictures.SelectMany(_ => pictures[random.Next(pictures.Length)])] }))
            .Where(double.IsFinite).Order()];
        return drawn.Length == 0 ? new(double.NaN, double.NaN)
            : new(SortedArrayStatistics.Quantile(drawn, 0.025), SortedArrayStatistics.Quantile(drawn, 0.975));
    }

    /// <summary>The tokens that tell a probe most at a layer: an oracle, because it needs to know the right answer.</summary>
    /// <param name="probe">Which probe, from 0.</param>
    /// <param name="layer">A measured decoder layer.</param>
    /// <param name="tokens">How many; of tokens that tell as much, those that come first.</param>
    /// <returns>Their places, ascending.</returns>
    /// <exception cref="ArgumentException">The layer was not measured.</exception>
    public IReadOnlyList<long> MostInformative(int probe, int layer, int tokens)
    {
        int row = Layers.ToList().IndexOf(layer);
        if (row < 0) throw new ArgumentException($"Layer {layer} was not measured; layers {string.Join(", ", Layers)} were.", nameof(layer));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Cut.Grid.Count);
        double[] information = Cut.ToTokens([.. Enumerable.Range(0, Cut.Count).Select(window => Probes[probe].Information(row, window))]);
        return [.. Enumerable.Range(0, information.Length).OrderByDescending(token => information[token]).Take(tokens).Order().Select(token => (long)token)];
    }

    /// <summary>One row for each probe, layer and window, for a table file.</summary>
    public IEnumerable<InformationRow> Rows()
    {
        foreach (var (number, probe) in Probes.Index())
            foreach (var (layer, window) in Places())
                yield return new(number, probe.Picture, probe.Category, Layers[layer], Cut.Row(window), Cut.Column(window),
                    probe.Information(layer, window), probe.Text[layer], probe.Full);
    }

    /// <summary>Such as "scene-llava, 200 probes of 40 pictures: information horizon none; 94.4 % right ...".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Model}, {Probes.Count} probes of {Probes.Select(probe => probe.Picture).Distinct().Count()} pictures: information horizon {(Horizon() is { } horizon ? $"{horizon}" : "none")}; {Withdrawal}");

    double[,] Mean(IReadOnlyList<ProbeInformation> probes)
    {
        double[,] mean = new double[Layers.Count, Cut.Count];
        foreach (var probe in probes)
            foreach (var (layer, window) in Places()) mean[layer, window] += probe.Information(layer, window) / probes.Count;
        return mean;
    }

    InformationCurve CurveOf(double[,] mean)
    {
        using var values = torch.tensor(mean);
        using var one = values.unsqueeze(0);
        return InformationCurve.Of(one, Layers[0]);
    }

    // Measured layers need not be neighbours.
    int? Horizon(ReadOnlySpan<double> largest, double epsilon)
    {
        int first = largest.Length;
        while (first > 0 && largest[first - 1] <= epsilon) first--;
        return first == largest.Length ? null : Layers[first];
    }

    IEnumerable<(int Layer, int Window)> Places() =>
        from layer in Enumerable.Range(0, Layers.Count) from window in Enumerable.Range(0, Cut.Count) select (layer, window);
}

/// <summary>One number of an <see cref="InformationMap"/>, as a row of a table.</summary>
/// <param name="Probe">Which probe, from 0.</param>
/// <param name="Picture">Which picture, from 0.</param>
/// <param name="Category">What kind of question.</param>
/// <param name="Layer">The decoder layer, 0-based.</param>
/// <param name="Row">Row of the window, from 0 at the top.</param>
/// <param name="Column">Column of the window, from 0 at the left.</param>
/// <param name="Information">What the window adds to the probability of the answer's first token.</param>
/// <param name="TextProbability">That probability without any visual token from this layer on.</param>
/// <param name="FullProbability">That probability with all visual tokens in every layer.</param>
public sealed record InformationRow(
    int Probe, int Picture, string Category, int Layer, int Row, int Column, double Information, double TextProbability, double FullProbability);
