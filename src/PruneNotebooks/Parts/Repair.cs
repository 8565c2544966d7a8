using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

/// <summary>What is done about the tokens that were not chosen: merged into others, recycled, marked. The third part of a method; many have none. <see cref="Mend"/> makes them.</summary>
public abstract record Repair
{
    /// <summary>What it looks at besides the features.</summary>
    public virtual Signals Needs => Signals.None;

    /// <summary>How many of the places that the budget allows the repair fills itself; the choice fills the others.</summary>
    /// <param name="keep">The budget, 1 to N.</param>
    /// <param name="tokens">N.</param>
    public virtual int Reserve(int keep, int tokens) => 0;

    /// <summary>The selection after the repair.</summary>
    /// <param name="context">The signals of one image at one stage.</param>
    /// <param name="ranking">The scores of all N tokens.</param>
    /// <param name="chosen">What was chosen.</param>
    /// <param name="keep">The budget.</param>
    public abstract TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep);
}

/// <summary>All repairs.</summary>
public static partial class Mend
{
}
