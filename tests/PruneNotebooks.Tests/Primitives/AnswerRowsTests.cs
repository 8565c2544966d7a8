using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class AnswerRowsTests
{
    [Fact]
    public void The_row_before_each_answer_counts() => Assert.Equal([2, 5], AnswerRows.Before([-100, -100, -100, 7, 8, -100, 9]));

    [Fact]
    public void An_answer_at_the_very_start_has_no_row_before_it() => Assert.Equal([2], AnswerRows.Before([5, 6, -100, 7]));

    [Fact]
    public void Where_nothing_is_learnt_there_is_no_row()
    {
        Assert.Empty(AnswerRows.Before([-100, -100]));
        Assert.Empty(AnswerRows.Before([]));
    }
}
