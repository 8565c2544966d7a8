namespace PruneNotebooks.Metrics;

/// <summary>How the information horizon is measured.</summary>
public sealed record HorizonOptions
{
    /// <summary>Side of the square windows whose tokens are left together; must divide the grid of tokens. 1 probes every token alone.</summary>
    public int WindowSize { get; init; } = 2;

    /// <summary>The decoder layers at whose input tokens leave, 0-based and ascending; every layer if not given.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Probes that are read together. Their hidden states in every layer are held: <c>Batch * layers * prompt * width</c> numbers.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>
    /// Rows of tokens that run together through the upper layers: bounds peak memory, at about <c>20 * width</c> numbers a row, and the
    /// logits of one row a sequence.
    /// </summary>
    public int RowsAtOnce { get; init; } = 8192;

    /// <summary>A file in which results are written down as they come; a measurement that was cut off goes on from there. None if not given.</summary>
    public string? Journal { get; init; }
}
