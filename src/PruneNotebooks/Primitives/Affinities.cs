using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How well each of N tokens covers each of R rows, looked at a few rows at a time; float32.</summary>
internal interface IAffinities
{
    /// <summary>How many rows want to be covered, R.</summary>
    int Rows { get; }

    /// <summary>How many tokens can cover them, N.</summary>
    int Tokens { get; }

    /// <summary>Where they are computed.</summary>
    Device Device { get; }

    /// <summary>How far they may be from the truth: what differs by less is equal.</summary>
    double Error => 2e-7;

    /// <summary>How well all tokens cover some rows: a new tensor, <c>[r, N]</c>.</summary>
    /// <param name="rows">Which rows, int64 <c>[r]</c>.</param>
    Tensor Of(Tensor rows);

    /// <summary>How well one token covers all rows, <c>[R]</c>.</summary>
    Tensor By(long token);
}

/// <summary>Affinities that are there already.</summary>
/// <param name="table">Float <c>[R, N]</c>.</param>
internal sealed class TableAffinities(Tensor table) : IAffinities
{
    public int Rows => (int)table.shape[0];

    public int Tokens => (int)table.shape[1];

    public Device Device => table.device;

    public Tensor Of(Tensor rows) => table.index_select(0, rows).to_type(ScalarType.Float32);

    public Tensor By(long token) => table.select(1, token).to_type(ScalarType.Float32);
}

/// <summary>Cosine similarities of tokens to each other: a table while that is small, beyond it computed as they are needed.</summary>
internal sealed class CosineAffinities : IAffinities, IDisposable
{
    const int TableSize = 4096;

    readonly CosineRows rows;
    readonly Tensor? table;

    /// <summary>Looks at the rows of <paramref name="features"/>, which must stay alive.</summary>
    /// <exception cref="ArgumentException">A token is not finite; the message names it.</exception>
    public CosineAffinities(Tensor features, int tableSize = TableSize)
    {
        rows = new CosineRows(features, zeros: true);
        if (rows.Count <= tableSize) table = rows.Gram().DetachFromDisposeScope();
    }

    public int Rows => rows.Count;

    public int Tokens => rows.Count;

    public Device Device => rows.Device;

    public Tensor Of(Tensor some) => table?.index_select(0, some) ?? rows.ToAll(some);

    public Tensor By(long token) => table?.select(0, token) ?? rows.ToAll(tensor([token], ScalarType.Int64, Device)).squeeze(0);

    public void Dispose()
    {
        table?.Dispose();
        rows.Dispose();
    }
}
