using System.Globalization;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>How the information of visual tokens changes from layer to layer, and where it ends.</summary>
/// <remarks>
/// <i>When Token Pruning is Worse than Random</i>, arXiv 2512.07580. The mean over samples comes first, then the statistics over windows: single questions are noise.
/// The paper gives no threshold for its horizon; the rule here is operational.
/// </remarks>
/// <param name="FirstLayer">The layer of the first entry, 0-based; layer K means that tokens leave at its input.</param>
/// <param name="Mean">By layer: mean over the windows.</param>
/// <param name="Deviation">By layer: population standard deviation over the windows.</param>
/// <param name="LargestAbsolute">By layer: the largest magnitude among the windows.</param>
public sealed record InformationCurve(int FirstLayer, double[] Mean, double[] Deviation, double[] LargestAbsolute)
{
    /// <summary>The threshold on a probability below which information counts as none.</summary>
    public const double DefaultEpsilon = 0.02;

    /// <summary>Summarises measurements.</summary>
    /// <param name="information">Float <c>[samples, layers, windows]</c>, finite.</param>
    /// <param name="firstLayer">The layer of the first row.</param>
    /// <exception cref="ArgumentException">Not such a tensor, empty, or not finite.</exception>
    public static InformationCurve Of(Tensor information, int firstLayer = 1)
    {
        ArgumentNullException.ThrowIfNull(information);
        ArgumentOutOfRangeException.ThrowIfNegative(firstLayer);
        if (information.dim() != 3 || information.NumberOfElements == 0)
            throw new ArgumentException($"Information is [samples, layers, windows], none of them zero; it is {information.Shape()}.", nameof(information));
        using var scope = NewDisposeScope();
        var windows = information.to_type(ScalarType.Float64).mean([0]);
        if (!windows.isfinite().all().item<bool>()) throw new ArgumentException("Some information is not a finite number. Check the logits that it was computed from.", nameof(information));
        return new(firstLayer, Numbers(windows.mean([1])), Numbers(windows.std(1, unbiased: false)), Numbers(windows.abs().amax([1])));

        static double[] Numbers(Tensor values) => values.cpu().data<double>().ToArray();
    }

    /// <summary>The information horizon: the smallest layer K such that at K and at every later layer no window holds more than <paramref name="epsilon"/>.</summary>
    /// <param name="epsilon">Threshold on a difference of probabilities.</param>
    /// <returns>The layer, 0-based; <see langword="null"/> if the last layer still holds information.</returns>
    public int? Horizon(double epsilon = DefaultEpsilon)
    {
        if (!(epsilon >= 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "A threshold on probabilities is expected, 0 or more.");
        int silent = LargestAbsolute.Reverse().TakeWhile(largest => largest <= epsilon).Count();
        return silent == 0 ? null : FirstLayer + LargestAbsolute.Length - silent;
    }

    /// <summary>Such as "information in layers 1 to 11, horizon 8".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"information in layers {FirstLayer} to {FirstLayer + Mean.Length - 1}, {(Horizon() is { } horizon ? $"horizon {horizon}" : "no horizon")}");
}
