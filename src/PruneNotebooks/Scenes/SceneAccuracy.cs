using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Scenes;

/// <summary>The answers of a model to questions about scenes, and how many of them are right.</summary>
/// <param name="Plan">Which tokens left where.</param>
/// <param name="Answers">Every answer, scene by scene.</param>
public sealed record SceneAccuracy(PruningPlan Plan, IReadOnlyList<SceneAnswer> Answers)
{
    /// <summary>Right answers to all questions.</summary>
    public Proportion All => Proportion.Of(Answers.Select(answer => answer.IsRight));

    /// <summary>Right answers to questions of one kind.</summary>
    public Proportion this[QuestionKind kind] => Proportion.Of(Answers.Where(answer => answer.Question.Kind == kind).Select(answer => answer.IsRight));

    /// <summary>Right answers by kind of question, in the order of the kinds; kinds that were not asked are left out.</summary>
    public IReadOnlyDictionary<QuestionKind, Proportion> ByKind =>
        Answers.GroupBy(answer => answer.Question.Kind).OrderBy(kind => kind.Key)
            .ToDictionary(kind => kind.Key, kind => Proportion.Of(kind.Select(answer => answer.IsRight)));

    /// <summary>The 95 % interval of the share of right answers, from scene to scene: questions about one scene go right or wrong together.</summary>
    /// <param name="seed">Makes it repeatable.</param>
    /// <exception cref="ArgumentException">There are no answers.</exception>
    public Interval IntervalOverScenes(int seed = 0) => Counted().Interval(seed: seed);

    /// <summary>How much the share of right answers changed since another measurement on the same questions; the interval is over scenes.</summary>
    /// <param name="baseline">Such as the same model with all tokens.</param>
    /// <param name="kind">Only questions of this kind, if given.</param>
    /// <param name="seed">Makes the interval repeatable.</param>
    /// <exception cref="ArgumentException"><paramref name="baseline"/> answers other questions, or none of the kind.</exception>
    public PairedDifference Since(SceneAccuracy baseline, QuestionKind? kind = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        if (!Answers.Select(answer => (answer.Seed, answer.Question)).SequenceEqual(baseline.Answers.Select(answer => (answer.Seed, answer.Question))))
            throw new ArgumentException("The two measurements asked different questions: measure both on the same scenes.", nameof(baseline));
        return Counted().Since(baseline.Counted(), kind?.ToString(), seed);
    }

    ProbeAccuracy Counted()
    {
        ulong[] scenes = [.. Answers.Select(answer => answer.Seed).Distinct()];
        return new($"{Plan}", Plan, [.. Answers.Select(answer => answer.IsRight)], [.. Answers.Select(answer => Array.IndexOf(scenes, answer.Seed))], [.. Answers.Select(answer => $"{answer.Question.Kind}")], double.NaN);
    }

    /// <summary>The plan, then a line for each kind of question and one for all.</summary>
    public override string ToString() => string.Join('\n', ByKind.Select(kind => $"{kind.Key,-8}  {kind.Value}").Prepend(Plan.ToString()).Append($"{"All",-8}  {All}"));
}
