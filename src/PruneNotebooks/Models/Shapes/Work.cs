namespace PruneNotebooks.Models.Shapes;

/// <summary>What a part of a model does: arithmetic, and the bytes that it must move to and from memory.</summary>
/// <remarks>
/// Flops are those of the matrix products; a multiplication and an addition count as two. Norms, activations and softmax are left out.
/// Bytes are the least that a pass can move: every weight once, every block's input and output once, cached keys and values as often as
/// they are written and read. What a fused block keeps to itself is not counted.
/// </remarks>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="Bytes">Bytes moved.</param>
public readonly record struct Work(double Flops, double Bytes)
{
    /// <summary>Operations per byte. Below what a device does per byte that it moves, memory sets the pace and fewer FLOPs save no time.</summary>
    public double Intensity => Flops / Bytes;

    /// <summary>Both, one after the other.</summary>
    public static Work operator +(Work a, Work b) => new(a.Flops + b.Flops, a.Bytes + b.Bytes);

    /// <summary>Everything in a row.</summary>
    public static Work Sum(IEnumerable<Work> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Aggregate(default(Work), (sum, part) => sum + part);
    }
}
