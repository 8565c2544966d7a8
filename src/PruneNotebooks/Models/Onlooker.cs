using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Models;

/// <summary>Keeps every token, and copies what it was shown for those who asked.</summary>
/// <param name="needs">What it wants to see.</param>
/// <param name="scope">To which dispose scope the copies belong.</param>
internal sealed class Onlooker(Signals needs, DisposeScope scope) : IJointPruner
{
    /// <summary>By prompt, then by image.</summary>
    public List<IReadOnlyList<PruningContext>> Seen { get; } = [];

    public Signals Needs { get; } = needs;

    public TokenSelection Select(PruningContext context, TokenBudget budget) => SelectJointly([context], budget)[0];

    public IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget)
    {
        Seen.Add([.. images.Select(image => image.Changed((_, tensor) => tensor.clone().MoveToOtherDisposeScope(scope)))]);
        return [.. images.Select(image => TokenSelection.All(image.Tokens))];
    }

    public override string ToString() => "onlooker";
}
