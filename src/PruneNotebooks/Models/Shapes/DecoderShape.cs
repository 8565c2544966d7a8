namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of a language model.</summary>
public sealed record DecoderShape
{
    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>One of them.</summary>
    public required BlockShape Block { get; init; }

    /// <summary>Rows of the embedding table.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Whether the output head is the embedding table, and so no weights of its own.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Weights that are in no block and no table of words: the final norm, learned positions.</summary>
    public required long OtherParameters { get; init; }

    /// <summary>From the last hidden state to the logits.</summary>
    public LinearShape Head => new(Block.Width, Vocabulary, Bias: false);

    /// <summary>All weights.</summary>
    public long Parameters => Layers * Block.Parameters + (TiedEmbeddings ? 1 : 2) * Head.Parameters + OtherParameters;

    /// <summary>One layer that reads a prompt and writes its keys and values down.</summary>
    /// <param name="tokens">Tokens alive in that layer.</param>
    /// <param name="bytesPerNumber">Bytes of a weight, an activation and a cached number.</param>
    public Work Prefill(int tokens, int bytesPerNumber) =>
        new(Block.Flops(tokens, tokens), Block.PassBytes(tokens, bytesPerNumber) + tokens * (double)Block.KvBytes(bytesPerNumber));

    /// <summary>One layer over all passes of an answer; the prefill already gave its first token.</summary>
    /// <param name="tokens">Prompt tokens alive in that layer.</param>
    /// <param name="answer">Tokens of the answer.</param>
    /// <param name="bytesPerNumber">Bytes of a weight, an activation and a cached number.</param>
    public Work Decode(int tokens, int answer, int bytesPerNumber)
    {
        double passes = Math.Max(0, answer - 1), keys = tokens + (passes + 1) / 2; // mean of tokens + 1 ... tokens + passes
        return new(Block.Flops(passes, keys), passes * (Block.PassBytes(1, bytesPerNumber) + (keys + 1) * Block.KvBytes(bytesPerNumber)));
    }
}
