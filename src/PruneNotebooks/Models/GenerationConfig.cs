namespace PruneNotebooks.Models;

/// <summary>The tokens that begin and end an answer.</summary>
public sealed record GenerationConfig
{
    /// <summary>The tokens that end an answer; empty if nothing but the length does.</summary>
    public required IReadOnlyList<long> EndTokens { get; init; }

    /// <summary>The token that begins a prompt, if there is one.</summary>
    public long? BeginToken { get; init; }

    /// <summary>The token that fills shorter prompts of a batch, if there is one.</summary>
    public long? PadToken { get; init; }

    // Where no file says anything, Llama's tokens: the reference library fills them in from the class.
    const long LlamaBegin = 1, LlamaEnd = 2;

    /// <param name="sources">Where to look, the first that has a field counts.</param>
    internal static GenerationConfig From(IReadOnlyList<ConfigFields> sources) => new()
    {
        EndTokens = sources.Select(fields => fields.Tokens("eos_token_id")).FirstOrDefault(tokens => tokens is not null) ?? [LlamaEnd],
        BeginToken = sources.Select(fields => fields.Token("bos_token_id")).FirstOrDefault(token => token is not null) ?? LlamaBegin,
        PadToken = sources.Select(fields => fields.Token("pad_token_id")).FirstOrDefault(token => token is not null),
    };
}
