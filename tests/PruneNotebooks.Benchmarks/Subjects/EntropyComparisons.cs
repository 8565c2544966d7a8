using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Matrix entropy at LLaVA-1.5-7B's shapes: from the larger Gram matrix, or from all singular values, beside the smaller Gram matrix.</summary>
internal static class EntropyComparisons
{
    const int Heads = 32, Size = 128, Tokens = 576, Width = 4096;

    public static IEnumerable<Comparison> All =>
    [
        new("eigenvalues alone", $"{Tokens} tokens, {Size} x {Size} / {Heads} x {Heads}", Eigenvalues),
        new("entropy of tokens", $"{Tokens} tokens, {Heads} heads of {Size}", OfTokens),
        new("entropy of a layer", $"{Tokens} tokens of {Width}", OfLayer),
    ];

    // (128 / 32)^3 = 64, by counting operations.
    static Pair Eigenvalues()
    {
        using var scope = NewDisposeScope();
        var z = Queries().transpose(0, 1).to_type(ScalarType.Float64);
        var (large, small) = (z.transpose(1, 2).matmul(z).DetachFromDisposeScope(), z.matmul(z.transpose(1, 2)).DetachFromDisposeScope());
        return new Pair(port: () => linalg.eigvalsh(large).narrow(1, Size - Heads, Heads), ours: () => linalg.eigvalsh(small), Agreement.Close(1e-10), large, small);
    }

    static Pair OfTokens()
    {
        var queries = Queries();
        return new Pair(port: () => MatrixEntropy.OfTokens(queries, side: GramSide.Columns), ours: () => MatrixEntropy.OfTokens(queries), Agreement.Close(1e-6), queries);
    }

    static Pair OfLayer()
    {
        var hidden = Features.Unrelated(Tokens, Width);
        return new Pair(port: () => FromSingularValues(hidden), ours: () => tensor(MatrixEntropy.OfLayer(hidden)), Agreement.Close(1e-10), hidden);
    }

    static Tensor Queries()
    {
        using var random = new Generator(5, CPU);
        return randn([Heads, Tokens, Size], ScalarType.Float32, generator: random);
    }

    static Tensor FromSingularValues(Tensor hidden)
    {
        var x = hidden.to_type(ScalarType.Float64);
        x = nn.functional.normalize(x - x.mean([0], keepdim: true), dim: 1);
        var values = linalg.svdvals(x).square();
        values = values / values.sum();
        return -values.xlogy(values).sum() / Math.Log(Width);
    }
}
