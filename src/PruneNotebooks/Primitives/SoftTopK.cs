using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Top-k that can be differentiated (VisionSelector's DiffTopK): each token is kept to a degree, <c>sigmoid(w + t)</c>, with the shift t for which the degrees add up to k.</summary>
public static class SoftTopK
{
    /// <summary>The degree to which each token is kept. O(N) for each step of the search, in float32.</summary>
    /// <param name="scores">Float <c>[N]</c>, finite.</param>
    /// <param name="kept">The <b>kept</b> share of the tokens, 0 to 1; the degrees add up to this times N.</param>
    /// <param name="iterations">Steps of bisection.</param>
    /// <returns>Float32 <c>[N]</c>, between 0 and 1; gradients flow through the scores, not through the search.</returns>
    /// <exception cref="ArgumentException">The scores are not <c>[N]</c>, or one is not finite; the message names the token.</exception>
    public static Tensor Weights(Tensor scores, double kept, int iterations = 64)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.dim() != 1) throw new ArgumentException($"Scores are [N]; they are {scores.Shape()}.", nameof(scores));
        if (kept is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(kept), kept, FormattableString.Invariant($"The kept share of the tokens is 0 to 1; it was {kept}."));
        FiniteTokens.Check(scores, 0, nameof(scores));
        using var scope = NewDisposeScope();
        var values = scores.to_type(ScalarType.Float32);
        return values.add(Shift(values.detach(), kept, iterations)).sigmoid().MoveToOuterDisposeScope();
    }

    static Tensor Shift(Tensor scores, double kept, int iterations)
    {
        float[] values = scores.cpu().data<float>().ToArray();
        float target = (float)Math.Clamp(kept * values.Length, 1e-4, values.Length - 1e-4);
        float low = -values.Max() - 10, high = -values.Min() + 10;
        for (int i = 0; i < iterations; i++)
        {
            using var inner = NewDisposeScope();
            float middle = (low + high) / 2;
            if (scores.add(tensor(middle, device: scores.device)).sigmoid_().sum().item<float>() < target) low = middle;
            else high = middle;
        }
        return tensor((low + high) / 2, device: scores.device);
    }
}
