using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of those text tokens to which the picture speaks (<see cref="TextRaters"/>), mean over heads and raters.</summary>
    /// <param name="layer">The decoder's layer.</param>
    public static Score RaterAttention(Layer layer) => new RaterAttention(layer);

    /// <summary>The same without the part that rotary embedding gives to what stands near, over the heads that look most at the picture (<see cref="RecencyCorrection"/>).</summary>
    /// <param name="layer">The decoder's layer.</param>
    /// <param name="heads">How many heads count.</param>
    /// <param name="theta">Base of the model's rotary embedding.</param>
    public static Score CorrectedRaterAttention(Layer layer, int heads = 14, double theta = 10000) => new RaterAttention(layer) { Corrected = (heads, theta) };
}

/// <summary>Attention of the raters among the text tokens.</summary>
/// <param name="Layer">The decoder's layer.</param>
public sealed record RaterAttention(Layer Layer) : Score
{
    /// <summary>How many heads count after the correction for recency, and the base of the rotary embedding; <see langword="null"/> if attention is taken as it is.</summary>
    public (int Heads, double Theta)? Corrected { get; init; }

    Signal Attention => new Signal.DecoderAttention(Layer, Queries.Text);

    static Signal Visual => new Signal.VisualEmbeddings();

    static Signal Text => new Signal.TextEmbeddings();

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Attention, Visual, Text);

    /// <summary>The raters' attention, float32 <c>[H, raters, N]</c>.</summary>
    public Tensor Rows(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return TextRaters.Of(context[Visual], context[Text]).Rows(context[Attention]);
    }

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var raters = TextRaters.Of(context[Visual], context[Text]);
        var attention = context[Attention];
        using var scope = NewDisposeScope();
        var rows = raters.Rows(attention);
        if (Corrected is not { } correction) return rows.mean([0, 1]).MoveToOuterDisposeScope();
        // Only distances count: the text follows the picture's last place, whoever has left.
        long[] places = [.. Enumerable.Range(0, context.Tokens).Select(context.PlaceOf)];
        var corrected = RecencyCorrection.Of(rows, [.. raters.Tokens.Select(rater => context.PlaceCount + rater)], places, (int)(context.Features.shape[1] / attention.shape[0]), correction.Heads, correction.Theta);
        return tensor(corrected.Scores, ScalarType.Float32, attention.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Corrected is null ? "" : "recency-corrected ")}attention of the raters in the {Layer}";
}
