using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>All tokens score the same: for choices that go by something else.</summary>
    public static Score Equal { get; } = new EqualScores();
}

/// <summary>Zero for every token.</summary>
public sealed record EqualScores : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.None;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) => zeros(context?.Tokens ?? throw new ArgumentNullException(nameof(context)));

    /// <inheritdoc/>
    public override string ToString() => "all equal";
}
