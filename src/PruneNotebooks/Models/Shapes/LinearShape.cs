namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of a linear layer.</summary>
/// <param name="In">Numbers that go in.</param>
/// <param name="Out">Numbers that come out.</param>
/// <param name="Bias">Whether it adds a bias.</param>
public sealed record LinearShape(long In, long Out, bool Bias)
{
    /// <summary>Its weights.</summary>
    public long Parameters => In * Out + (Bias ? Out : 0);

    /// <summary>Operations for some rows: <c>2 rows In Out</c>.</summary>
    public double Flops(double rows) => 2 * rows * In * Out;

    /// <summary>Applied to some rows.</summary>
    /// <param name="rows">Rows, e.g. tokens.</param>
    /// <param name="bytesPerNumber">Bytes of a weight and of an activation.</param>
    public Work Work(double rows, int bytesPerNumber) => new(Flops(rows), bytesPerNumber * (Parameters + rows * (In + Out)));
}
