using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Some tokens of every object of the picture, by its size; about as many as the budget.</summary>
    public static Choice FromObjects { get; } = new ObjectChoice();
}

/// <summary>Tokens of every object (<see cref="ObjectShares"/>).</summary>
public sealed record ObjectChoice : Choice
{
    static readonly Signal Masks = new Signal.ObjectMasks();

    /// <inheritdoc/>
    public override Signals Needs => Masks;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) =>
        new(ObjectShares.Of((context ?? throw new ArgumentNullException(nameof(context)))[Masks], count).Tokens);

    /// <inheritdoc/>
    public override string ToString() => "some of every object";
}
