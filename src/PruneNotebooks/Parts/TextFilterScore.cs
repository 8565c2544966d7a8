using System.Globalization;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the text, as a whole and token by token, as multiples of two thresholds; the larger counts, so that below 1 a token is weak in both respects.</summary>
    /// <param name="global">Threshold of the attention of all text, as a share of that to all visual tokens.</param>
    /// <param name="individual">Threshold of the attention of the text token that attends most.</param>
    /// <param name="layer">The decoder's layer; by default the one before the stage.</param>
    public static Score TextFilter(double global, double individual, Layer? layer = null) => new TextFilterScore(new Signal.DecoderAttention(layer ?? Layer.BeforeStage, Queries.Text), global, individual);
}

/// <summary>Strength for the text (<see cref="Primitives.TextFilter"/>) as a multiple of thresholds.</summary>
/// <param name="Attention">Attention of the text, <c>[H, T, N]</c>.</param>
/// <param name="Global">Threshold of the attention of all text.</param>
/// <param name="Individual">Threshold of the attention of a single text token.</param>
public sealed record TextFilterScore(Signal.DecoderAttention Attention, double Global, double Individual) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) => Primitives.TextFilter.Of((context ?? throw new ArgumentNullException(nameof(context)))[Attention]).Level(Global, Individual);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attention.Description}, all of it beside {Global} and its largest beside {Individual}");
}
