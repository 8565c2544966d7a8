using System.Globalization;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>The form of the trend that is fitted to attention by place.</summary>
public enum TrendForm
{
    /// <summary><c>mu exp(sigma x)</c> by least squares on the values: the paper's.</summary>
    Exponential,

    /// <summary>The same by least squares on the logarithms, so that small values count as much as large ones.</summary>
    LogExponential,

    /// <summary>A polynomial of third degree, which the authors publish for FastV.</summary>
    Cubic,

    /// <summary>The mean itself, place by place: no form at all. Removes everything that all pictures share, noise included.</summary>
    Vector,
}

/// <summary>What attention to visual tokens depends on the place alone: its mean over many pictures, and the trend in it.</summary>
/// <remarks><i>Attention Debiasing for Token Pruning in Vision Language Models</i>, arXiv 2508.17807. Everything in float64.</remarks>
/// <param name="Samples">How many samples the mean is of.</param>
/// <param name="Mean">By place: mean attention, <c>[N]</c>.</param>
/// <param name="Level">f(0), the trend at the first token: mu.</param>
/// <param name="Trend">The trend, for <c>new Debiased(method, trend)</c>.</param>
public sealed record AttentionBias(int Samples, double[] Mean, double Level, PositionTrend Trend)
{
    /// <summary>The strength sigma of an exponential trend; <see langword="null"/> for other forms.</summary>
    public double? Sigma => (Trend as PositionTrend.Exponential)?.Sigma;

    /// <summary>The 95 % interval of <see cref="Sigma"/> by drawing pictures again; <see langword="null"/> where nobody drew, as after <see cref="Fit"/>.</summary>
    public Interval? SigmaInterval { get; init; }

    /// <summary>The trend by place, <c>[N]</c>.</summary>
    public double[] Fitted => Array.ConvertAll(Trend.Weights(Mean.Length), weight => Level / weight);

    /// <summary>What is left, <c>Mean / Fitted</c>: about 1 where the trend says it all.</summary>
    public double[] Debiased => [.. Mean.Zip(Fitted, (mean, fitted) => mean / fitted)];

    /// <summary>The trend in what is left: near none if this one's form fits.</summary>
    /// <param name="form">Which form.</param>
    public AttentionBias Refit(TrendForm form = TrendForm.Exponential) => Of(Samples, Debiased, form);

    /// <summary>The share of the variance over places that the trend explains; not a number if there is none.</summary>
    public double Explained
    {
        get
        {
            double average = Mean.Average();
            return 1 - Mean.Zip(Fitted, (mean, fitted) => (mean - fitted) * (mean - fitted)).Sum() / Mean.Sum(mean => (mean - average) * (mean - average));
        }
    }

    /// <summary>The share of all attention to the image that padding receives.</summary>
    /// <param name="padding">Which tokens show the picture.</param>
    /// <exception cref="ArgumentException">The mask is for another number of tokens.</exception>
    public double PaddingShare(PaddingMask padding)
    {
        ArgumentNullException.ThrowIfNull(padding);
        return padding.Real.Count == Mean.Length
            ? Mean.Where((_, place) => !padding.Real[place]).Sum() / Mean.Sum()
            : throw new ArgumentException($"The padding mask is for {padding.Real.Count} tokens, the attention for {Mean.Length}.", nameof(padding));
    }

    /// <summary>Fits a trend.</summary>
    /// <param name="samples">Attention to the N tokens of each picture, as the method ranks by it, float <c>[S, N]</c>, finite; 200 samples or more for a result to rely on.</param>
    /// <param name="form">Which form.</param>
    /// <exception cref="ArgumentException">Other dimensions, fewer places than the form has numbers, not finite, or (for logarithms and vectors) a place that never gets attention.</exception>
    public static AttentionBias Fit(Tensor samples, TrendForm form = TrendForm.Exponential)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.dim() != 2 || samples.shape[0] < 1 || samples.shape[1] < 4) throw new ArgumentException($"Attention samples are [S, N] of 4 tokens or more; they are {samples.Shape()}.", nameof(samples));
        double[] mean;
        using (NewDisposeScope()) mean = samples.to_type(ScalarType.Float64).mean([0]).cpu().data<double>().ToArray();
        int bad = Array.FindIndex(mean, value => !double.IsFinite(value));
        if (bad >= 0) throw new ArgumentException($"The attention to token {bad} is not finite in every sample.", nameof(samples));
        if (form is TrendForm.LogExponential or TrendForm.Vector && Array.FindIndex(mean, value => !(value > 0)) is var empty and >= 0)
            throw new ArgumentException($"Token {empty} gets no attention in any sample: a trend of the form {form} needs some everywhere.", nameof(samples));
        if (!(mean.Sum() > 0)) throw new ArgumentException("There is no attention in these samples.", nameof(samples));
        return Of((int)samples.shape[0], mean, form);
    }

    /// <summary>Fits a trend to a mean: finite, positive somewhere.</summary>
    internal static AttentionBias Of(int samples, double[] mean, TrendForm form)
    {
        double[] places = [.. Enumerable.Range(0, mean.Length).Select(i => (double)i / mean.Length)];
        var (level, trend) = form switch
        {
            TrendForm.LogExponential => LogExponential(places, mean),
            TrendForm.Cubic => Cubic(places, mean),
            TrendForm.Vector => (mean[0], new PositionTrend.Given([.. mean.Select(value => mean[0] / value)])),
            _ => Exponential(places, mean),
        };
        return new(samples, mean, level, trend);
    }

    /// <summary>Such as "sigma 0.91 over 576 places, 85 % explained (200 samples)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Sigma is { } sigma ? $"sigma {sigma:0.00}{(SigmaInterval is { } drawn ? $" [{drawn.Low:0.00}, {drawn.High:0.00}]" : "")}" : Trend.GetType().Name.ToLowerInvariant())} over {Mean.Length} places, {100 * Explained:0} % explained ({Samples} samples)");

    static (double, PositionTrend) LogExponential(double[] places, double[] mean)
    {
        // Places without attention have no logarithm; to start from, the others will do.
        int[] positive = [.. Enumerable.Range(0, mean.Length).Where(i => mean[i] > 0)];
        if (positive.Length < 2) return (mean.Average(), PositionTrend.None);
        var (intercept, slope) = MathNet.Numerics.Fit.Line([.. positive.Select(i => places[i])], [.. positive.Select(i => Math.Log(mean[i]))]);
        return (Math.Exp(intercept), new PositionTrend.Exponential(slope));
    }

    static (double, PositionTrend) Exponential(double[] places, double[] mean)
    {
        var (start, trend) = LogExponential(places, mean);
        // Attention is small and tolerances are absolute: in units of its mean.
        double unit = mean.Average();
        var model = ObjectiveFunction.NonlinearModel(
            (p, x) => x.Map(place => p[0] * Math.Exp(p[1] * place)),
            (p, x) => Matrix<double>.Build.DenseOfColumnVectors(x.Map(place => Math.Exp(p[1] * place)), x.Map(place => p[0] * place * Math.Exp(p[1] * place))),
            Vector<double>.Build.Dense(places), Vector<double>.Build.Dense(mean) / unit);
        var best = new LevenbergMarquardtMinimizer(1e-3, gradientTolerance: 1e-14, stepTolerance: 1e-12, functionTolerance: 1e-30, maximumIterations: 1000)
            .FindMinimum(model, Vector<double>.Build.Dense([start / unit, ((PositionTrend.Exponential)trend).Sigma])).MinimizingPoint;
        return (best[0] * unit, new PositionTrend.Exponential(best[1]));
    }

    static (double, PositionTrend) Cubic(double[] places, double[] mean)
    {
        double[] c = MathNet.Numerics.Fit.Polynomial(places, mean, 3);
        return (c[0], new PositionTrend.Cubic(c[1] / c[0], c[2] / c[0], c[3] / c[0]));
    }
}
