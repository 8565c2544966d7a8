using PruneNotebooks.Metrics;

namespace PruneNotebooks.Bench;

/// <summary>A row of a benchmark.</summary>
/// <param name="Entry">The method, the budget and the plan.</param>
/// <param name="Answers">What the model said to each probe; <see langword="null"/> if it could not be asked.</param>
/// <param name="Reason">Why it could not be asked, in words.</param>
public sealed record BenchRow(BenchEntry Entry, IReadOnlyList<ProbeAnswer>? Answers, string? Reason);

/// <summary>One number of a benchmark as a flat row, for <see cref="TableFile"/>: a method with a budget on one kind of question.</summary>
/// <param name="Method">The method.</param>
/// <param name="Keep">The budget as it was asked for; empty for the model with all tokens.</param>
/// <param name="Split">On which questions: empty for all, "right: NAME" for those that row NAME answers rightly, "wrong: NAME" for the others.</param>
/// <param name="Category">The kind of question; "all" for all.</param>
/// <param name="Tokens">Visual tokens per decoder layer, mean over layers and probes, as counted in the run.</param>
/// <param name="Right">Right answers.</param>
/// <param name="Count">Questions.</param>
/// <param name="Accuracy">Share of right answers, 0 to 1.</param>
/// <param name="Low">Lower end of its 95 % interval, over pictures; none if all questions are about one picture.</param>
/// <param name="High">Upper end.</param>
/// <param name="Difference">To the model with all tokens, on the same questions, -1 to 1.</param>
/// <param name="DifferenceLow">Lower end of its 95 % interval, paired, over pictures.</param>
/// <param name="DifferenceHigh">Upper end.</param>
/// <param name="Gained">Questions that only this row answers rightly.</param>
/// <param name="Lost">Questions that only the model with all tokens answers rightly.</param>
/// <param name="Reason">Why there are no numbers; empty if there are.</param>
public sealed record BenchScore(
    string Method, string Keep, string Split, string Category, double? Tokens, int? Right, int? Count, double? Accuracy, double? Low, double? High,
    double? Difference, double? DifferenceLow, double? DifferenceHigh, int? Gained, int? Lost, string Reason)
{
    /// <summary>What <see cref="Category"/> says where all kinds are counted together.</summary>
    public const string AllKinds = "all";
}

/// <summary>One answer of a benchmark as a flat row, for <see cref="TableFile"/>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Keep">The budget as it was asked for; empty for the model with all tokens.</param>
/// <param name="Id">The probe.</param>
/// <param name="Category">Its kind.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Expected">The right answer.</param>
/// <param name="Answer">What the model said.</param>
/// <param name="Right">Whether that counts as right.</param>
/// <param name="Tokens">Visual tokens per decoder layer, mean over layers.</param>
public sealed record BenchAnswer(string Method, string Keep, string Id, string Category, string Question, string Expected, string Answer, bool Right, double Tokens);
