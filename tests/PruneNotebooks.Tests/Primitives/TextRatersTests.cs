using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class TextRatersTests
{
    [Fact]
    public void Words_to_which_the_picture_speaks_more_than_to_the_mean_may_rate()
    {
        using var scope = NewDisposeScope();
        // ln 2, ln 1, ln 1 for one visual token; ln 1, ln 1, ln 6 for the other.
        var raters = TextRaters.Of(eye(2), tensor(new float[,] { { MathF.Log(2), 0 }, { 0, 0 }, { 0, MathF.Log(6) } }));
        Assert.Equal([2], raters.Tokens);
        Assert.Equal((2 / 4.0 + 1 / 8.0) / 2, raters.Scores[0], tolerance: 1e-6);
        Assert.Equal((1 / 4.0 + 6 / 8.0) / 2, raters.Scores[2], tolerance: 1e-6);
    }

    [Fact]
    public void Where_no_word_is_above_the_mean_all_rate()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0], TextRaters.Of(randn(3, 4), randn(1, 4)).Tokens);
        Assert.Equal([0, 1], TextRaters.Of(ones(3, 4), ones(2, 4)).Tokens);
    }

    [Fact]
    public void A_prompt_without_text_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => TextRaters.Of(zeros(3, 4), zeros(0, 4))).Message, StringComparison.Ordinal);
    }
}
