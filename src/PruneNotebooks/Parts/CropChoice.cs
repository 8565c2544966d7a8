using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>The best tokens of each crop of the picture, crop by crop: each crop has its own quota.</summary>
    /// <param name="crops">How many crops; <see langword="null"/> for <see cref="CropChoice.PublishedCrops"/>.</param>
    /// <param name="alpha">Weight of the variation of similarity in the quotas.</param>
    /// <param name="tau">Exponent of the scores of crops.</param>
    /// <param name="redistribute">Whether what is too much for a crop goes to others; if not, fewer tokens than the budget are chosen.</param>
    /// <param name="holistic">Whether tokens of a crop are ranked by the score that makes the quotas, rather than by the score that the choice is given.</param>
    public static Choice ByCrops(int? crops = null, double alpha = 0.09, double tau = 1, bool redistribute = true, bool holistic = false) => new CropChoice(crops, alpha, tau, redistribute, holistic);
}

/// <summary>Quotas by crop (<see cref="CropQuotas"/>), the scores counting as attention.</summary>
/// <param name="Crops">How many crops; <see langword="null"/> for <see cref="PublishedCrops"/>.</param>
/// <param name="Alpha">Weight of the variation of similarity.</param>
/// <param name="Tau">Exponent of the scores of crops.</param>
/// <param name="Redistribute">Whether what is too much for a crop goes to others.</param>
/// <param name="Holistic">Whether tokens are ranked by the score that makes the quotas.</param>
public sealed record CropChoice(int? Crops, double Alpha, double Tau, bool Redistribute, bool Holistic) : Choice
{
    /// <summary>The number of crops that the paper uses: 1,024 / K for 576 tokens, the more the more tokens there are.</summary>
    public static int PublishedCrops(int tokens, int keep) => Math.Max(1, (int)(1024 / 576.0 * tokens / keep));

    /// <inheritdoc/>
    public override Signals Needs => Signals.Features;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        var quotas = Quotas(context, ranking, count);
        using var scope = NewDisposeScope();
        return new([.. quotas.Pick(Holistic ? Ranking.Of(tensor(quotas.Scores)) : ranking).Take(count)], Holistic ? quotas.Scores : null);
    }

    /// <summary>How the budget is shared out.</summary>
    public CropQuotas Quotas(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        using var scope = NewDisposeScope();
        var quotas = CropQuotas.Of(context.Features, tensor(ranking.Scores, device: context.Features.device), Crops ?? PublishedCrops(context.Tokens, count), count, Alpha, Tau);
        return Redistribute ? quotas.Redistributed(count) : quotas;
    }

    /// <inheritdoc/>
    public override string ToString() => Redistribute ? "top-k by crop" : "top-k by crop, fewer where crops are small";
}
