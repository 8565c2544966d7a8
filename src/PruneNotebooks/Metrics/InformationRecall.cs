using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>How much of the information of a picture the tokens that a plan keeps still hold, by a measured <see cref="InformationMap"/>.</summary>
/// <remarks>
/// A window counts with the positive part of what it adds, alone, to the probability of the right answer at the plan's first stage (its first layer if
/// that is the projector), and is held in the share of its tokens that stay. Random tokens hold as much as they are, on average. Information
/// of windows does not add up - two windows may tell the same, or only both together - so this ranks methods; it predicts no accuracy.
/// </remarks>
public static class InformationRecall
{
    /// <summary>The information that a selection holds for one probe, 0 to 1.</summary>
    /// <param name="map">The map.</param>
    /// <param name="probe">Which of its probes.</param>
    /// <param name="layer">Which of its measured layers, from 0.</param>
    /// <param name="kept">Places of the tokens that stay.</param>
    /// <returns><see langword="null"/> if no window tells anything at that layer: nothing can be lost.</returns>
    public static double? Of(InformationMap map, int probe, int layer, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(kept);
        double all = 0, held = 0;
        double[] share = new double[map.Cut.Count];
        foreach (long token in kept) share[map.Cut.WindowOf(token)] += 1.0 / (map.Cut.Size * map.Cut.Size);
        for (int window = 0; window < share.Length; window++)
        {
            double information = Math.Max(0, map.Probes[probe].Information(layer, window));
            all += information;
            held += information * share[window];
        }
        return all > 0 ? held / all : null;
    }

    /// <summary>By probe of a map: how much information the first step of each plan keeps.</summary>
    /// <param name="model">The model that was measured.</param>
    /// <param name="map">The map; it must have measured the layers at which the plans begin.</param>
    /// <param name="probes">The probes that it was measured on, in the same order.</param>
    /// <param name="plans">Plans with at least one step at the projector or inside the decoder.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>By plan, then by probe; 1 where nothing can be lost.</returns>
    /// <exception cref="ArgumentException">Other probes than those of the map, or a plan begins where the map says nothing.</exception>
    public static IReadOnlyList<double[]> Measure(
        Vlm model, InformationMap map, IReadOnlyList<Probe> probes, IReadOnlyList<PruningPlan> plans, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(plans);
        if (!probes.Select(probe => probe.Category).SequenceEqual(map.Probes.Select(probe => probe.Category)))
            throw new ArgumentException("These are not the probes that the map was measured on.", nameof(probes));
        int[] layers = [.. plans.Select(plan => LayerOf(map, plan))];
        double[][] held = [.. plans.Select(_ => new double[probes.Count])];
        foreach (int[] some in Enumerable.Range(0, probes.Count).Chunk(64))
        {
            cancellation.ThrowIfCancellationRequested();
            var given = model.Answer([.. some.Select(i => model.Ask(probes[i].Question, probes[i].Image))], plans, new() { MaxTokens = 1 }, cancellation);
            for (int p = 0; p < plans.Count; p++)
                foreach (var (answer, i) in given[p].Zip(some)) held[p][i] = Of(map, i, layers[p], answer.Trace.Stages[0].Kept) ?? 1;
        }
        return held;
    }

    static int LayerOf(InformationMap map, PruningPlan plan)
    {
        if (plan.Steps.Count == 0 || plan.PrunesInTower) throw new ArgumentException($"'{plan}' has no first step behind the vision tower: there is no layer to ask the map about.", nameof(plan));
        int index = map.Layers.ToList().IndexOf(plan.Steps[0].Stage.Layer);
        return index >= 0 ? index : throw new ArgumentException($"The map has not measured layer {plan.Steps[0].Stage.Layer}, where '{plan}' begins; it has {string.Join(", ", map.Layers)}.", nameof(plan));
    }
}
