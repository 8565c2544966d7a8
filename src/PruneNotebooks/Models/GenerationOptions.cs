namespace PruneNotebooks.Models;

/// <summary>How an answer is generated; always greedily, so that two runs give the same answer.</summary>
public sealed record GenerationOptions
{
    /// <summary>At most that many tokens, at least 1.</summary>
    public int MaxTokens { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxTokens), value, "An answer needs room for at least 1 token."); } = 64;

    /// <summary>Whether an end-of-sequence token ends the answer; without, exactly <see cref="MaxTokens"/> tokens are made.</summary>
    public bool StopAtEnd { get; init; } = true;
}
