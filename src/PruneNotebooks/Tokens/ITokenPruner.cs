namespace PruneNotebooks.Tokens;

/// <summary>A visual-token pruning method: from what it may look at to what stays. Pure, and for one image at a time.</summary>
/// <remarks>Implementations are immutable records whose properties are the method's options, with the paper's defaults.</remarks>
public interface ITokenPruner
{
    /// <summary>What the method looks at; the model captures this and nothing else.</summary>
    Signals Needs { get; }

    /// <summary>Chooses the tokens that stay.</summary>
    /// <param name="context">The signals of one image at one stage.</param>
    /// <param name="budget">How many tokens stay.</param>
    /// <returns>The choice; it leaves no other tensor behind and changes no input.</returns>
    TokenSelection Select(PruningContext context, TokenBudget budget);
}

/// <summary>A control that prunes no tokens: the picture is made smaller, so that the tower makes fewer tokens of it. For a step at <see cref="Stage.Picture"/>.</summary>
public interface IPictureScaling : ITokenPruner
{
    /// <summary>The token grid of the smaller picture.</summary>
    /// <param name="whole">The token grid of the picture as it is.</param>
    /// <param name="budget">How many tokens there may be.</param>
    TokenGrid Grid(TokenGrid whole, TokenBudget budget);
}

/// <summary>A pruner that weighs the images of a prompt against each other: a step asks it once for all of them.</summary>
public interface IJointPruner : ITokenPruner
{
    /// <summary>Chooses the tokens that stay, of all images together.</summary>
    /// <param name="images">The signals of each image of the prompt, in order.</param>
    /// <param name="budget">How many tokens of each image stay on average; the method may share them unevenly.</param>
    /// <returns>By image.</returns>
    IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget);
}
