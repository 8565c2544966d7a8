using PruneNotebooks.Display;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Display;

public sealed class TraceReportTests
{
    [Fact]
    public void The_text_says_what_left_where_and_what_it_cost() => Assert.Equal(
        """
        4 of 16 visual tokens reach the last layer (25 %); a decoder layer sees 6 on average; the KV cache holds 3 MiB after the prefill.

        stage            method      tokens in  tokens out  kept
        ---------------  ----------  ---------  ----------  ----
        projector        EveryOther         16           8  50 %
        decoder layer 3  EveryOther          8           4  50 %

        decoder layers  visual tokens  all tokens
        --------------  -------------  ----------
                   0-2              8          17
                   3-5              4          13

        part       operations  time, one run
        ---------  ----------  -------------
        vision     1.5 GFLOPs          12 ms
        selection                     250 µs
        prefill    2.5 GFLOPs          30 ms
        decode       3 MFLOPs          1.5 s
        total        4 GFLOPs         1.54 s

        Explicit attention, because a method looked at it, in decoder layer 2; fused attention in all other layers.
        """, TraceReport.Text(Traces.TwoSteps()));

    [Fact]
    public void The_html_has_the_tables_and_the_picture_with_its_meaning_in_words()
    {
        string html = TraceReport.Html(Traces.TwoSteps());
        Assert.Equal(3, html.Split("<table>").Length - 1);
        Assert.Contains("alt=\"KV cache, layers by positions of the prompt. layers 0-2: 8 visual of 17 tokens; layers 3-5: 4 visual of 13 tokens.\"", html, StringComparison.Ordinal);
        string png = html.Split("base64,")[1].Split('"')[0];
        Assert.True(RgbImage.Decode(Convert.FromBase64String(png)).Width > 300);
    }

    [Fact]
    public void The_kv_picture_colours_visual_tokens_text_and_what_has_left()
    {
        var picture = KvPicture.Of(Traces.TwoSteps());
        Assert.Equal((0x00, 0x72, 0xB2), Colour(picture, layer: 0, position: 4 + 2));   // kept by the first step
        Assert.Equal((0xE8, 0xE8, 0xE8), Colour(picture, layer: 3, position: 4 + 2));   // left at layer 3
        Assert.Equal((0xE8, 0xE8, 0xE8), Colour(picture, layer: 0, position: 4 + 1));   // left before the decoder
        Assert.Equal((0xE6, 0x9F, 0x00), Colour(picture, layer: 5, position: 24));      // text
        Assert.Equal(picture.ToPng(), KvPicture.Of(Traces.TwoSteps()).ToPng());
    }

    static (int R, int G, int B) Colour(RgbImage picture, int layer, int position)
    {
        const int left = 46, top = 22, cell = 16, row = 16;
        var pixel = picture.Pixels.Span[(((top + layer * row + 4) * picture.Width + left + position * cell + 4) * 3)..];
        return (pixel[0], pixel[1], pixel[2]);
    }

    [Fact]
    public void A_long_prompt_of_a_deep_model_fits_a_page()
    {
        var trace = Traces.TwoSteps() with
        {
            Images = [new(2880, null, 35)],
            Alive = [.. Enumerable.Range(0, 80).Select(_ => (long[])[.. Enumerable.Range(0, 3000).Select(i => (long)i)])],
        };
        var picture = KvPicture.Of(trace);
        Assert.InRange(picture.Width, 800, 960);
        Assert.InRange(picture.Height, 240, 320);
    }

    [Fact]
    public void Overlays_follow_the_steps_and_need_a_grid()
    {
        var image = TokenOverlayTests.Plain(64, 64);
        var trace = Traces.TwoSteps();
        var overlays = Overlays.Of(image, trace);
        Assert.Equal("EveryOther, projector", overlays[0, 0]!.Title);
        Assert.Equal([0, 4, 8, 12], overlays[0, 1]!.Kept);
        Assert.Equal([0, 4, 8, 12], TokenOverlay.Of(image, trace).Kept);
        Assert.Contains("class token", Assert.Throws<ArgumentException>(() => Overlays.Of(image, trace with { Images = [new(17, null)] })).Message, StringComparison.Ordinal);
        Assert.Contains("number 1", Assert.Throws<ArgumentOutOfRangeException>(() => TokenOverlay.Of(image, trace, 1)).Message, StringComparison.Ordinal);
    }
}
