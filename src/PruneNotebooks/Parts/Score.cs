using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

/// <summary>A number for each visual token: the higher, the sooner it stays. The first part of a method.</summary>
/// <example><code>var mine = Score.ClsAttention().Debiased(trend).Then(Choose.MaxMin()).Named("mine");</code></example>
public abstract partial record Score
{
    /// <summary>What it looks at.</summary>
    public abstract Signals Needs { get; }

    /// <summary>The score of each of the N tokens.</summary>
    /// <param name="context">The signals of one image at one stage; not changed.</param>
    /// <returns>Float <c>[N]</c>; belongs to the dispose scope of the caller.</returns>
    public abstract Tensor Of(PruningContext context);

    /// <summary>The method that chooses by this score.</summary>
    public Composition Then(Choice choice) => new(this, choice);
}
