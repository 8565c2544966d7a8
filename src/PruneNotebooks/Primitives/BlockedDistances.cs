using PruneNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Euclidean distances between all rows, divided by sqrt(D), by direct differences: symmetric to the bit, 0 from a row to itself. In blocks of rows; a single block is kept.</summary>
/// <param name="rows">Float32 <c>[M, D]</c>; must stay alive.</param>
/// <param name="bytes">The size of a block.</param>
internal sealed class BlockedDistances(Tensor rows, long bytes) : IDisposable
{
    Tensor? all;

    /// <summary>Calls back with the first row of each block and its distances, <c>[block, M]</c>, which must not be changed; in a dispose scope of its own.</summary>
    public void ForEach(Action<long, Tensor> visit)
    {
        long count = rows.shape[0], block = Math.Max(1, bytes / sizeof(float) / count);
        if (block >= count) all ??= Between(rows, rows).DetachFromDisposeScope();
        for (long start = 0; start < count; start += block)
        {
            using var scope = NewDisposeScope();
            visit(start, all ?? Between(rows.narrow(0, start, Math.Min(block, count - start)), rows));
        }
    }

    /// <summary>From every row to some, on the host, <c>[M, columns]</c>.</summary>
    public float[,] To(long[] columns)
    {
        using var scope = NewDisposeScope();
        var index = tensor(columns, ScalarType.Int64, rows.device);
        float[] values = (all?.index_select(1, index) ?? Between(rows, rows.index_select(0, index))).cpu().contiguous().data<float>().ToArray();
        float[,] table = new float[rows.shape[0], columns.Length];
        Buffer.BlockCopy(values, 0, table, 0, values.Length * sizeof(float));
        return table;
    }

    // A matrix product would be off by up to 1e-3 between a row and itself.
    Tensor Between(Tensor some, Tensor others) => cdist(some, others, 2, compute_mode.donot_use_mm_for_euclid_dist).div_(Math.Sqrt(rows.shape[1]).ToCachedScalar());

    public void Dispose() => all?.Dispose();
}
