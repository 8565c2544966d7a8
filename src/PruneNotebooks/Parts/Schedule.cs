using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

/// <summary>At which layers of a decoder visual tokens leave, and how many: the part of a method that speaks of depth. Published for one decoder and one budget, it scales to others.</summary>
/// <example>PyramidDrop: <code>new Schedule(Of: 32, (8, 0.5), (16, 0.25), (24, 0.125))</code></example>
public sealed class Schedule
{
    readonly int of;
    readonly (int Before, double Share)[] stages;

    /// <summary>A published schedule.</summary>
    /// <param name="Of">How many layers the published decoder has.</param>
    /// <param name="stages">By stage: the 0-based layer at whose input tokens leave, and the share of all visual tokens that is left from there on. Layers ascend, shares do not.</param>
    /// <exception cref="ArgumentException">Layers or shares are out of order.</exception>
    public Schedule(int Of, params (int Before, double Share)[] stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        for (int i = 0; i < stages.Length; i++)
            if (stages[i].Before < 0 || stages[i].Before >= Of || stages[i].Share is not (>= 0 and <= 1) || (i > 0 && (stages[i].Before <= stages[i - 1].Before || stages[i].Share > stages[i - 1].Share)))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Stage {i}, {stages[i].Share} before layer {stages[i].Before} of {Of}, does not follow: layers ascend, shares of all tokens are 0 to 1 and do not grow."), nameof(stages));
        if (stages.Length == 0) throw new ArgumentException("A schedule has one stage or more.", nameof(stages));
        (of, this.stages) = (Of, stages);
    }

    /// <summary>Before which layers tokens leave in a model, by depth; each stage has its own layer.</summary>
    /// <exception cref="ArgumentException">The decoder has fewer layers than the schedule has stages.</exception>
    public IReadOnlyList<int> Layers(ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.DecoderLayers <= stages.Length) throw new ArgumentException($"{stages.Length} stages need more than {model.DecoderLayers} decoder layers.", nameof(model));
        int[] layers = [.. stages.Select(stage => model.DecoderLayer(stage.Before, of))];
        for (int i = 1; i < layers.Length; i++) layers[i] = Math.Max(layers[i], layers[i - 1] + 1);
        for (int i = layers.Length - 1, last = model.DecoderLayers - 1; i >= 0; last = layers[i--] - 1) layers[i] = Math.Min(layers[i], last);
        return layers;
    }

    /// <summary>How many tokens are left by stage when the last stage leaves a given number: what leaves before it scales along, so that the published number gives the published ones.</summary>
    /// <param name="keep">How many tokens the last stage leaves.</param>
    /// <param name="tokens">Visual tokens before any stage.</param>
    public IReadOnlyList<int> Counts(TokenBudget keep, int tokens)
    {
        ArgumentNullException.ThrowIfNull(keep);
        int last = keep.Resolve(tokens);
        double scale = stages[^1].Share < 1 ? (1 - (double)last / tokens) / (1 - stages[^1].Share) : 0;
        int[] counts = [.. stages.Select(stage => (int)Math.Round(tokens * (1 - (1 - stage.Share) * scale), 9))];
        counts[^1] = last;
        for (int i = counts.Length - 2; i >= 0; i--) counts[i] = Math.Max(counts[i], counts[i + 1]);
        return counts;
    }

    /// <summary>The plan that follows it.</summary>
    /// <param name="pruner">Who decides at each stage.</param>
    /// <param name="keep">How many tokens the last stage leaves.</param>
    /// <param name="model">In which model.</param>
    /// <param name="start">What comes before; nothing if not given.</param>
    public PruningPlan Plan(ITokenPruner pruner, TokenBudget keep, ModelDimensions model, PruningPlan? start = null) => Plan(_ => pruner, keep, model, start);

    /// <summary>The plan that follows it, with another pruner at each stage.</summary>
    /// <param name="pruner">Who decides, by the number of the stage from 0.</param>
    /// <param name="keep">How many tokens the last stage leaves.</param>
    /// <param name="model">In which model.</param>
    /// <param name="start">What comes before; nothing if not given.</param>
    public PruningPlan Plan(Func<int, ITokenPruner> pruner, TokenBudget keep, ModelDimensions model, PruningPlan? start = null)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        ArgumentNullException.ThrowIfNull(model);
        var (layers, counts) = (Layers(model), Counts(keep, model.Tokens));
        return Enumerable.Range(0, stages.Length).Aggregate(start ?? PruningPlan.None, (plan, i) =>
            plan.Then(Stage.Decoder(layers[i]), pruner(i), TokenBudget.CountOrNothing(counts[i])));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", stages.Select(stage => $"{100 * stage.Share:0.##} % before layer {stage.Before}"))} of {of}");
}
