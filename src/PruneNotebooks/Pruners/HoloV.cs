using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>HoloV: cuts the picture into crops, gives each crop a share of the budget, and keeps the most attended tokens of each: context all over the picture instead of one bright spot.</summary>
/// <remarks>
/// <para><i>Don't Just Chase "Highlighted Tokens" in MLLMs: Revisiting Visual Holistic Context Retention</i>, arXiv 2510.02912, NeurIPS 2025.</para>
/// <para>
/// Shares are those of <see cref="CropQuotas"/>. The defaults are the authors' code: inside a crop attention alone ranks, tokens go on crop by crop and in falling attention, and where a share exceeds a crop the
/// places are filled with zeros. The paper's text ranks by the holistic score and gives what is left to other crops: <c>new HoloV { Redistribute = true, Holistic = true }</c>.
/// </para>
/// <para>One choice over all tiles of a picture (LLaVA-NeXT), with consecutive positions. The paper's refetching of visual context at decoding has no code and is not here.</para>
/// <para>Cost: O(N^2 D / C) for C crops, in blocks of 32 MB.</para>
/// </remarks>
public sealed record HoloV : ComposedMethod
{
    /// <summary>The tower's layer whose class token is asked; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <summary>How many crops; <see langword="null"/> for the paper's number, 1,024 / K on 576 tokens.</summary>
    public int? Crops
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Crops), value, $"There is one crop or more; it was {value}.");
    }

    /// <summary>Weight of the variation of similarity in the shares. Only in the code; the text's holistic score has none and uses 1.</summary>
    public double Alpha { get; init; } = 0.09;

    /// <summary>Exponent of the scores of crops.</summary>
    public double Tau
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Tau), value, $"The exponent of crops is positive; it was {value}.");
    } = 1;

    /// <summary>Whether what exceeds a crop goes to the other crops (the paper's text) rather than to zeros (the code).</summary>
    public bool Redistribute { get; init; }

    /// <summary>Whether the tokens of a crop are ranked by attention plus variation of similarity (the paper's text, without alpha) rather than by attention (the code).</summary>
    public bool Holistic { get; init; }

    /// <inheritdoc/>
    public override Composition Parts =>
        Score.ClsAttention(Layer).Then(Choose.ByCrops(Crops, Holistic ? 1 : Alpha, Tau, Redistribute, Holistic)).Then(Mend.ChosenOrder);
}
