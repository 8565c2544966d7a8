using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Tokens;

public sealed class PromptLayoutTests
{
    const long Image = 99;

    // text, 3 visual, text, 2 visual, text
    static readonly PromptLayout Layout = new(8, [new VisualSpan(1, 3), new VisualSpan(5, 2)]);

    [Fact]
    public void Spans_are_read_off_the_prompt()
    {
        var (ids, layout) = PromptLayout.Expand([1, Image, 2, Image, 3], Image, [3, 2]);
        Assert.Equal([1, Image, Image, Image, 2, Image, Image, 3], ids);
        Assert.Equal(Layout.Images, layout.Images);
        Assert.Equal(8, layout.Length);
        Assert.Equal([-1, 0, 0, 0, -1, 1, 1, -1], Enumerable.Range(0, 8).Select(i => layout.ImageAt(i)));
    }

    [Fact]
    public void All_text_and_the_kept_tokens_stay()
    {
        Assert.Equal([0, 1, 3, 4, 6, 7], Layout.SequenceKeep([[0, 2], [1]]));
        Assert.Equal([1, 1, 0, 1, 1, 0, 1, 1], Layout.KeyMask([[0, 2], [1]]));
        Assert.Equal([0, 4, 7], Layout.SequenceKeep([[], []]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("Token 3 of image 0", Assert.Throws<ArgumentException>(() => Layout.SequenceKeep([[3], []])).Message, StringComparison.Ordinal);
        Assert.Contains("Token -1 of image 1", Assert.Throws<ArgumentException>(() => Layout.KeyMask([[], [-1]])).Message, StringComparison.Ordinal);
        Assert.Contains("has 2 images", Assert.Throws<ArgumentException>(() => Layout.SequenceKeep([[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("Image 1", Assert.Throws<ArgumentException>(() => new PromptLayout(8, [new VisualSpan(1, 3), new VisualSpan(3, 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("2 image placeholders, but 1 images", Assert.Throws<ArgumentException>(() => PromptLayout.Expand([Image, Image], Image, [3])).Message, StringComparison.Ordinal);
    }
}
