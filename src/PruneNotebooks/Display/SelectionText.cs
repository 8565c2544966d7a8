using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>A selection in words: how many tokens stay, which, and what else it carries.</summary>
static class SelectionText
{
    const int MostIndices = 24;

    public static string Of(TokenSelection selection)
    {
        string text = $"{selection} ({Units.Percent((double)selection.Count / Math.Max(1, selection.Tokens))}): {Indices(selection.Kept)}";
        if (selection.Scores is { Count: > 0 } scores)
        {
            var range = ScoreRange.Of(scores);
            text += $"\nscores {Units.Number(range.Low)} to {Units.Number(range.High)}";
        }
        if (selection.Features is { } features) text += $"\nmerged features {TensorSummary.Of(features).Split('\n')[0]}";
        return text;
    }

    static string Indices(IReadOnlyList<long> kept) => kept.Count <= MostIndices
        ? string.Join(", ", kept)
        : $"{string.Join(", ", kept.Take(MostIndices - 4))}, … {string.Join(", ", kept.TakeLast(3))}";
}
