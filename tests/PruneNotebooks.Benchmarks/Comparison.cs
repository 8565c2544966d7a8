using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks;

/// <summary>Something of ours beside the plain way to the same result.</summary>
/// <param name="Subject">What is compared.</param>
/// <param name="Setting">With which sizes.</param>
/// <param name="Prepare">Makes the inputs; they live until the pair is disposed of.</param>
public sealed record Comparison(string Subject, string Setting, Func<Pair> Prepare)
{
    public override string ToString() => $"{Subject}, {Setting}";
}

/// <summary>Two computations on the same inputs. Each call gives a new tensor, which the caller frees, and leaves no other.</summary>
/// <param name="port">The plain way.</param>
/// <param name="ours">The library's.</param>
/// <param name="difference">What is wrong with the two results; <see langword="null"/> if they agree.</param>
/// <param name="inputs">What both read; freed with the pair.</param>
public sealed class Pair(Func<Tensor> port, Func<Tensor> ours, Func<Tensor, Tensor, string?> difference, params IDisposable[] inputs) : IDisposable
{
    public void RunPort() => Run(port).Dispose();

    public void RunOurs() => Run(ours).Dispose();

    /// <summary>Runs both once. Times of computations that do not agree mean nothing.</summary>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    public void Check()
    {
        using var expected = Run(port);
        using var actual = Run(ours);
        if (difference(expected, actual) is { } what) throw new InvalidOperationException($"The two ways disagree: {what}");
    }

    public void Dispose()
    {
        foreach (var input in inputs) input.Dispose();
    }

    static Tensor Run(Func<Tensor> way)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        return way().MoveToOuterDisposeScope();
    }
}
