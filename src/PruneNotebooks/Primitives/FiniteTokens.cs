using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Says which token is not finite, before sums over tokens spread it.</summary>
internal static class FiniteTokens
{
    /// <summary>Checks that every value is finite.</summary>
    /// <param name="values">One value or more for each token.</param>
    /// <param name="tokens">The dimension that counts tokens.</param>
    /// <param name="name">The parameter that the caller got them by.</param>
    /// <exception cref="ArgumentException">A value is not; the message names the token.</exception>
    public static void Check(Tensor values, int tokens, string name)
    {
        using var scope = NewDisposeScope();
        // A sum of finite numbers is finite or overflows; only then is it worth while to look at each.
        // In float32, because a sum in another type copies all of them first.
        if (values.sum(type: values.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32).isfinite().item<bool>()) return;
        var bad = values.isfinite().logical_not_().nonzero();
        if (bad.shape[0] > 0)
            throw new ArgumentException($"The values of token {bad.select(1, tokens).min().item<long>()} are not all finite. Check the layer they come from.", name);
    }
}
