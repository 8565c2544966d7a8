using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>Random tokens behind the information horizon: where tokens have given their information to the text, no rule chooses better than chance, so a plan may end there with any few of them.</summary>
/// <remarks>
/// <i>When Token Pruning is Worse than Random: Understanding Visual Token Information in VLLMs</i>, arXiv 2512.07580, CVPR 2026. <c>InformationHorizon.Measure</c> finds the horizon of a model;
/// the published plans take layer 20 of 32. The paper draws anew for each picture and averages three runs: three seeds. No token at all is <see cref="PruningPlan.ThenWithdraw"/>,
/// and the paper's oracle, which keeps the tokens that tell most, is <see cref="GivenTokens"/> of <c>InformationMap.MostInformative</c>.
/// </remarks>
public static class BeyondHorizon
{
    /// <summary>The published split for LLaVA-1.5 and 192 tokens: 284 of 576 first, 38 of them behind the horizon.</summary>
    public const double PublishedShare = 38 / 284.0;

    /// <summary>This plan, and from the horizon on a few tokens of those that are left, drawn at random without putting back.</summary>
    /// <param name="plan">What comes before.</param>
    /// <param name="horizon">The decoder layer at whose input tokens leave.</param>
    /// <param name="keep">How many stay.</param>
    /// <param name="seed">The same seed draws the same tokens.</param>
    public static PruningPlan ThenRandom(this PruningPlan plan, int horizon, TokenBudget keep, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Then(Stage.Decoder(horizon), new RandomTokens { Seed = seed }, keep);
    }

    /// <summary>A method and behind the horizon chance, so that decoder layers see a given number of tokens on average.</summary>
    /// <param name="first">The method that prunes early (the paper: DivPrune or DART).</param>
    /// <param name="stage">Where: the projector or a decoder layer before the horizon.</param>
    /// <param name="average">The wanted mean number of visual tokens per decoder layer.</param>
    /// <param name="model">In which model.</param>
    /// <param name="horizon">The decoder layer at whose input the random tokens leave; layer 20 of 32 by depth if not given.</param>
    /// <param name="share">Which share of the tokens that the method keeps is left behind the horizon.</param>
    /// <param name="seed">The same seed draws the same tokens.</param>
    /// <returns>The plan, with consecutive positions as in the authors' code; the average is met up to rounding.</returns>
    /// <exception cref="ArgumentException">The stages are out of order, or the average cannot be met from there on; the message says which can.</exception>
    public static PruningPlan Plan(ITokenPruner first, Stage stage, double average, ModelDimensions model, int? horizon = null, double share = PublishedShare, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (share is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, $"A share is above 0 and at most 1; it was {share.ToString(CultureInfo.InvariantCulture)}.");
        int last = horizon ?? model.DecoderLayer(20), before = stage.Where == Stage.Part.Decoder ? stage.Layer : 0;
        if (stage < Stage.Projector || before >= last || last >= model.DecoderLayers)
            throw new ArgumentException($"The method prunes at the projector or a decoder layer, before the horizon at layer {last} of {model.DecoderLayers}; its stage is the {stage}.", nameof(stage));
        // Layers before the method see all tokens, those up to the horizon what it keeps, the others a share of that.
        double seen = last - before + share * (model.DecoderLayers - last);
        int kept = (int)Math.Round((average * model.DecoderLayers - (double)before * model.Tokens) / seen);
        if (kept < 1 || kept > model.Tokens)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"An average of {average} tokens cannot be met: from the {stage} on, averages from {(before * model.Tokens + seen) / model.DecoderLayers:0.#} to {(before + seen) * model.Tokens / model.DecoderLayers:0.#} can."), nameof(average));
        return PruningPlan.At(stage, first, kept).ThenRandom(last, Math.Max(1, (int)Math.Round(share * kept)), seed).With(Positions.Renumber);
    }
}
