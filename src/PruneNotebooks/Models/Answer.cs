using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models;

/// <summary>What a model answered, and what happened to the visual tokens on the way.</summary>
public sealed record Answer
{
    /// <summary>The answer, without special tokens.</summary>
    public required string Text { get; init; }

    /// <summary>Its token ids, the end token included if there was one.</summary>
    public required IReadOnlyList<long> Tokens { get; init; }

    /// <summary>The probability that the model gave to this answer: the product over its tokens, between 0 and 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The prompt's text.</summary>
    public required string Prompt { get; init; }

    /// <summary>The pictures as the model saw them: resized and cropped.</summary>
    public required IReadOnlyList<RgbImage> Images { get; init; }

    /// <summary>Which tokens left where, what it cost and how long it took.</summary>
    public required PruningTrace Trace { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
