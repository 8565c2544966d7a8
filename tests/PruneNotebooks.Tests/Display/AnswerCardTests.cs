using PruneNotebooks.Display;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Display;

public sealed class AnswerCardTests
{
    static readonly Answer Red = new()
    {
        Text = "red", Tokens = [5, 2], Confidence = 0.98765, Prompt = "USER: \nwhat colour is the circle ? ASSISTANT:",
        Images = [TokenOverlayTests.Plain(64, 64)], Trace = Traces.TwoSteps(),
    };

    [Fact]
    public void The_text_has_the_question_the_answer_and_the_cost_but_no_time() => Assert.Equal(
        """
        USER: what colour is the circle ? ASSISTANT:
        red
        confidence: 98.8 %
        pruning: projector: EveryOther, 16 → 8; decoder layer 3: EveryOther, 8 → 4
        visual tokens: 4 of 16 at the end, 6 per layer on average
        operations: vision 1.5 GFLOPs, prefill 2.5 GFLOPs, decode 3 MFLOPs
        KV cache: 3 MiB
        """, AnswerCard.Text(Red));

    [Fact]
    public void The_card_shows_the_picture_beside_the_words()
    {
        var card = AnswerCard.Draw(Red);
        var overlay = TokenOverlay.Of(Red.Images[0], Red.Trace).Draw(300);
        for (int y = 0; y < overlay.Height; y++)
            Assert.True(overlay.Pixels.Span.Slice(y * overlay.Width * 3, overlay.Width * 3).SequenceEqual(card.Pixels.Span.Slice(y * card.Width * 3, overlay.Width * 3)), $"row {y}");
        Assert.Equal(card.ToPng(), AnswerCard.Draw(Red).ToPng());
    }

    [Fact]
    public void Answers_without_a_picture_a_grid_or_a_word_have_a_card_too()
    {
        var blind = Red with { Text = "", Images = [], Trace = Red.Trace with { Images = [], Stages = [] } };
        Assert.InRange(AnswerCard.Draw(blind).Width, 300, 500);
        var withoutGrid = Red with { Trace = Red.Trace with { Images = [new(17, null)] } };
        Assert.InRange(AnswerCard.Draw(withoutGrid).Width, 700, 900);
        var long_ = Red with { Text = string.Join(' ', Enumerable.Repeat("word", 200)) };
        Assert.True(AnswerCard.Draw(long_).Height > 500);
    }
}
