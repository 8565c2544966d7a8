using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Inputs;

/// <summary>Queries, keys and values of one attention layer, float32 <c>[H, T, d]</c> each, with some keys that most queries look at.</summary>
internal sealed class AttentionLayer : IDisposable
{
    public AttentionLayer(int heads, int length, int headSize, long seed)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed, CPU);
        Tensor Draw(long rows) => randn([heads, rows, headSize], ScalarType.Float32, generator: random);
        (Query, Key, Value) = (Draw(length).add_(Draw(1)).DetachFromDisposeScope(), Draw(length).DetachFromDisposeScope(), Draw(length).DetachFromDisposeScope());
    }

    public Tensor Query { get; }

    public Tensor Key { get; }

    public Tensor Value { get; }

    public void Dispose()
    {
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
    }
}
