using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class TextGuidanceTests
{
    [Fact]
    public void A_word_counts_what_it_gives_and_receives_and_itself_once()
    {
        using var scope = NewDisposeScope();
        var attention = tensor(new float[,,] { { { 1, 0, 0 }, { 2, 3, 0 }, { 4, 5, 6 } } });
        Assert.Equal([1 + 2 + 4, 2 + 3 + 5, 4 + 5 + 6], TextGuidance.Importance(attention).data<float>().ToArray());
        float uniform = (7 + 10 + 15) / 3f;
        Assert.Equal([uniform, uniform, uniform], TextGuidance.Importance(attention, mixing: 0).data<float>().ToArray());
    }

    [Fact]
    public void Heads_are_added_after_the_product()
    {
        using var scope = NewDisposeScope();
        var importance = tensor(new float[,] { { 1, 10 }, { 100, 1000 } });
        var attention = tensor(new float[,,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } } });
        Assert.Equal([1 + 30 + 500 + 7000, 2 + 40 + 600 + 8000], TextGuidance.Scores(importance, attention).data<float>().ToArray());
    }

    // Four query heads on two key heads; the text sees 6 tokens before the picture of which the primitive knows nothing.
    [Fact]
    public void A_prompt_without_text_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("at least one token", Assert.Throws<ArgumentException>(() => TextGuidance.Importance(zeros(2, 0, 0))).Message, StringComparison.Ordinal);
    }
}
