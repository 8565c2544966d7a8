namespace PruneNotebooks.Primitives;

/// <summary>From which tokens of a training sample the answers are predicted: the rows whose attention stands for the prompt's last token when there are several rounds.</summary>
/// <remarks><i>PyramidDrop</i>, arXiv 2410.17247, as in the authors' code; HiDrop, arXiv 2602.23699, takes the same rows.</remarks>
public static class AnswerRows
{
    /// <summary>The label of a token that is not learnt.</summary>
    public const long Ignored = -100;

    /// <summary>The token before each answer.</summary>
    /// <param name="labels">By token of the sequence: its label, <see cref="Ignored"/> outside of answers.</param>
    /// <returns>Indices, ascending; none if nothing is learnt, and then nothing is to be pruned.</returns>
    public static long[] Before(IReadOnlyList<long> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return [.. Enumerable.Range(1, Math.Max(0, labels.Count - 1)).Where(i => labels[i] != Ignored && labels[i - 1] == Ignored).Select(i => i - 1L)];
    }
}
