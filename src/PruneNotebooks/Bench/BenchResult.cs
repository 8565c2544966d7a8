using System.Collections.Concurrent;
using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Bench;

/// <summary>What a benchmark found out.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Probes">What was asked.</param>
/// <param name="Forms">By kind of question: when an answer counted as right.</param>
/// <param name="Rows">The rows; the first is the model with all of its tokens.</param>
public sealed record BenchResult(string Model, IReadOnlyList<Probe> Probes, IReadOnlyDictionary<string, AnswerForm> Forms, IReadOnlyList<BenchRow> Rows)
{
    readonly ConcurrentDictionary<BenchRow, ProbeAccuracy> counted = new(ReferenceEqualityComparer.Instance);

    /// <summary>The kinds of questions, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Categories { get; } = [.. Probes.Select(probe => probe.Category).Distinct()];

    /// <summary>The row of a method with a budget.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the methods.</exception>
    public BenchRow this[string method, TokenBudget? keep] => Rows.FirstOrDefault(row => row.Entry.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && Equals(row.Entry.Keep, keep))
        ?? throw new ArgumentException($"There is no row '{method}'{(keep is null ? "" : $" with {keep}")}; there are {string.Join(", ", Rows.Select(row => row.Entry.Method).Distinct())}.", nameof(method));

    /// <summary>Which probes a row answers rightly; <see langword="null"/> if it could not be asked.</summary>
    public ProbeAccuracy? Accuracy(BenchRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Answers is null ? null : counted.GetOrAdd(row, _ => ProbeAccuracy.Of($"{row.Entry}", row.Entry.Plan!, Probes, row.Answers, Forms));
    }

    /// <summary>Every row on every kind of question and on all.</summary>
    public IEnumerable<BenchScore> Scores() => Rows.AsParallel().AsOrdered().SelectMany(row => Scores(row, "", which: null));

    /// <summary>
    /// The same on two halves of the questions: those that a method answers rightly with the budget of the row, and the others. With the picture simply made smaller as that method, this is the
    /// honest test of a selection: what is worth selecting shows on the questions that a small picture does not answer.
    /// </summary>
    /// <param name="method">The method that splits; any of the benchmark.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public IEnumerable<BenchScore> Split(string method) => Rows.Where(row => row.Entry.Keep is not null).AsParallel().AsOrdered().SelectMany(row =>
    {
        var by = this[method, row.Entry.Keep];
        return Accuracy(by) is { Right: var right }
            ? Scores(row, $"right: {by.Entry.Method}", right).Concat(Scores(row, $"wrong: {by.Entry.Method}", [.. right.Select(value => !value)]))
            : [];
    });

    /// <summary>Every answer of every row.</summary>
    public IEnumerable<BenchAnswer> Answers() =>
        from row in Rows
        let accuracy = Accuracy(row)
        where accuracy is not null
        from i in Enumerable.Range(0, Probes.Count)
        let probe = Probes[i]
        select new BenchAnswer(row.Entry.Method, $"{row.Entry.Keep}", probe.Id, probe.Category, probe.Question, probe.Answer, row.Answers![i].Text, accuracy.Right[i], row.Answers[i].Tokens);

    IEnumerable<BenchScore> Scores(BenchRow row, string split, IReadOnlyList<bool>? which)
    {
        var (method, keep) = (row.Entry.Method, $"{row.Entry.Keep}");
        if (Accuracy(row) is not { } all)
            return split.Length > 0 ? [] : [new(method, keep, split, BenchScore.AllKinds, null, null, null, null, null, null, null, null, null, null, null, row.Reason!)];
        var (own, dense) = which is null ? (all, Accuracy(Rows[0])!) : (all.Only(which), Accuracy(Rows[0])!.Only(which));
        return new string?[] { null }.Concat(Categories).Where(category => category is null ? own.Right.Count > 0 : own.Of(category).Count > 0).Select(category =>
        {
            var (right, interval, change) = (category is null ? own.All : own.Of(category), own.Interval(category), own.Since(dense, category));
            // From one picture nothing is known about the next.
            bool several = Enumerable.Range(0, own.Right.Count).Where(i => category is null || own.Categories[i] == category).Select(i => own.Pictures[i]).Distinct().Skip(1).Any();
            double? If(double end) => several ? end : null;
            return new BenchScore(method, keep, split, category ?? BenchScore.AllKinds, all.AverageTokens, right.Successes, right.Count, right.Value, If(interval.Low), If(interval.High),
                change.Value, If(change.Interval.Low), If(change.Interval.High), change.Gained, change.Lost, "");
        });
    }

    /// <summary>Such as "scene-llava, 1,300 probes: 24 rows".</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Model}, {Probes.Count:N0} probes: {Rows.Count} rows");
}
