using System.Globalization;
using System.Net;
using PruneNotebooks.Bench;

namespace PruneNotebooks.Display;

/// <summary>A benchmark as tables: for each budget the methods from the best to the worst, and the same by kind of question.</summary>
static class BenchTables
{
    // So many kinds of questions stand side by side; more get a table of their own.
    const int KindsAbreast = 7;

    // A reason that is longer stands below the tables.
    const int LongestInCell = 24;

    /// <summary>The tables.</summary>
    /// <param name="scores">The rows, those of the model with all tokens first.</param>
    public static IEnumerable<Table> Of(IReadOnlyList<BenchScore> scores)
    {
        var dense = scores.Where(score => score.Method == scores[0].Method && score.Keep == "").ToList();
        var budgets = scores.Where(score => score.Keep != "").GroupBy(score => (score.Split, score.Keep)).ToList();
        if (budgets.Count == 0) return Of("", dense, []);
        return budgets.SelectMany(budget => Of(
            $"keep {budget.Key.Keep}{(budget.Key.Split.Length > 0 ? $", {Words(budget.Key.Split)}" : "")}", budget.Key.Split.Length == 0 ? dense : [], [.. budget]));
    }

    /// <summary>What the tables leave to say: why a method could not be asked, why one has more tokens than it was to keep.</summary>
    public static IEnumerable<string> Notes(BenchResult result)
    {
        double all = result.Accuracy(result.Rows[0])!.AverageTokens;
        var failed = result.Rows.Where(row => row.Reason?.Length > LongestInCell).Select(row => $"{row.Entry.Method}: {row.Reason}");
        var uneven = result.Rows.Where(row => row.Entry is { Counting: not null, Keep: not null } && result.Accuracy(row)?.AverageTokens > row.Entry.Keep.Resolve((int)all) + 0.5)
            .Select(row => $"{row.Entry.Method} has more tokens than asked for: {row.Entry.Counting}");
        return failed.Concat(uneven).Distinct();
    }

    /// <summary>The tables and notes as an HTML element.</summary>
    public static string Html(BenchResult result) =>
        string.Concat([.. Of([.. result.Scores()]).Select(table => table.ToHtml()), .. Notes(result).Select(note => $"<p>{WebUtility.HtmlEncode(note)}</p>")]);

    /// <summary>The tables and notes as text.</summary>
    public static string Text(BenchResult result) => string.Join("\n\n", [.. Of([.. result.Scores()]).Select(table => $"{table}"), .. Notes(result)]);

    /// <summary>How answers were scored: "number (Count), soft string (Colour, Shape)".</summary>
    public static string Scoring(BenchResult result) => string.Join(", ", result.Forms.GroupBy(form => form.Value).OrderBy(form => form.Key)
        .Select(form => form.Count() == result.Forms.Count ? Metrics.AnswerForms.InWords(form.Key) : $"{Metrics.AnswerForms.InWords(form.Key)} ({string.Join(", ", form.Select(kind => kind.Key.Length > 0 ? kind.Key : "no category"))})"));

    static IEnumerable<Table> Of(string title, IReadOnlyList<BenchScore> dense, IReadOnlyList<BenchScore> scores)
    {
        BenchScore[] rows = [.. dense.Where(IsAll), .. scores.Where(IsAll).OrderByDescending(score => score.Accuracy ?? -1)];
        int asked = rows.Max(row => row.Count) ?? 0;
        yield return Table.Of(rows, ("method", row => row.Method), ("tokens", row => row.Tokens is { } tokens ? Number(tokens) : ""),
                ("right %", row => row.Accuracy is { } right ? $"{Percent(right)}{Ends(row.Low, row.High)}" : row.Reason.Length <= LongestInCell ? row.Reason : "cannot run, see below"),
                ("to all tokens", row => row.Keep == "" || row.Difference is not { } change ? "" : $"{Points(change)}{Ends(row.DifferenceLow, row.DifferenceHigh)}"))
            .Titled($"{title}{(title.Length > 0 ? ": " : "")}{asked.ToString("N0", CultureInfo.InvariantCulture)} questions, 95 % intervals from picture to picture");
        var kinds = dense.Concat(scores).Where(score => !IsAll(score)).Select(score => score.Category).Distinct().ToList();
        if (kinds.Count < 2) yield break;
        var cells = dense.Concat(scores).ToLookup(score => (score.Method, score.Category));
        foreach (string[] some in kinds.Chunk(KindsAbreast))
            yield return Table.Of(rows.Where(row => row.Accuracy is not null), [("right %", row => row.Method), .. some.Select(kind => (kind, (Func<BenchScore, object?>)(row =>
                cells[(row.Method, kind)].FirstOrDefault(cell => cell.Keep == row.Keep) is { Accuracy: { } right } ? Percent(right) : "")))]);
    }

    static bool IsAll(BenchScore score) => score.Category == BenchScore.AllKinds;

    static string Words(string split) => split.StartsWith("right: ", StringComparison.Ordinal)
        ? $"questions that {split["right: ".Length..]} answers"
        : $"questions that {split["wrong: ".Length..]} does not answer";

    static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    static string Points(double change) => (100 * change).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    static string Ends(double? low, double? high) => low is null || high is null ? "" : $" [{Percent(low.Value)}, {Percent(high.Value)}]";
}
