using MathNet.Numerics.Random;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Bench;

/// <summary>A strategy of VFlowOpt and the value of its objective.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Cosine">Mean cosine similarity of the last token's final state with pruning and without.</param>
public sealed record VFlowTrial(VFlowStrategy Strategy, double Cosine);

/// <summary>VFlowOpt's search: among all strategies whose decoder layers see a given share of the tokens on average, the one that turns the last token's final state least. No labels are needed.</summary>
/// <remarks>
/// arXiv 2508.05211, ICCV 2025: Bayesian optimisation with expected improvement, 50 evaluations on 30 samples. The authors' bounds, scaled to the grid: the first stage keeps 1 to 1.5 times the average share, the threshold is
/// 0 to 50 of 729 tokens, a cell has a ninth to eight ninths of the side. The share of the last stage follows from the average; second stages for which there is none are left out, so that every strategy meets it.
/// The weight of the patches' entropy, 0 in all that was published, stays 0.
/// </remarks>
public static class VFlowSearch
{
    const int Coordinates = 4, Batch = 32;

    /// <summary>Searches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">On which prompts; what was found should be judged on others.</param>
    /// <param name="average">The mean share of tokens that decoder layers see, above 0 and below 1.</param>
    /// <param name="evaluations">How many strategies are tried.</param>
    /// <param name="initial">How many of them at random, first.</param>
    /// <param name="seed">The same seed tries the same strategies.</param>
    /// <returns>All trials in their order.</returns>
    /// <exception cref="ArgumentException">There is no prompt, or the share is out of range.</exception>
    public static IReadOnlyList<VFlowTrial> Run(Vlm model, IReadOnlyList<Prompt> prompts, double average, int evaluations = 50, int initial = 15, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0) throw new ArgumentException("There is no prompt to judge strategies on.", nameof(prompts));
        using var scope = NewDisposeScope();
        // All strategies look at the same signals of the pictures, which are seen once.
        var seen = prompts.Chunk(Batch).Select(some => new FinalState.SeenPrompts(model, some, [VFlowOpt.Plan(VFlowStrategy.Half, model.Dimensions)])).ToList();
        List<VFlowTrial> trials = [];
        BayesianSearch.Maximise(Coordinates, place =>
        {
            var strategy = At(place, average, model.Dimensions);
            var plan = VFlowOpt.Plan(strategy, model.Dimensions);
            trials.Add(new(strategy, seen.SelectMany(some => some.Cosines(plan)).Average()));
            return trials[^1].Cosine;
        }, evaluations, initial, seed);
        return trials;
    }

    /// <summary>Strategies by chance from the same bounds.</summary>
    /// <param name="average">The mean share of tokens that decoder layers see, above 0 and below 1.</param>
    /// <param name="model">For which model.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed draws the same.</param>
    public static IReadOnlyList<VFlowStrategy> Random(double average, ModelDimensions model, int count, int seed = 0)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        return [.. Enumerable.Range(0, count).Select(_ => At([.. Enumerable.Range(0, Coordinates).Select(_ => random.NextDouble())], average, model))];
    }

    static VFlowStrategy At(IReadOnlyList<double> place, double average, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (average is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(average), average, FormattableString.Invariant($"An average share is above 0 and below 1; it was {average}."));
        double first = average + place[0] * (Math.Min(1, 1.5 * average) - average), least = VFlowStrategy.LeastSecond(average, first, model);
        double side = Math.Sqrt(model.Tokens);
        return VFlowStrategy.Solve(average, first, least + place[1] * (1 - least), threshold: place[2] * 50 / 729 * model.Tokens, cellSide: side * (1 + 7 * place[3]) / 9, model);
    }
}
