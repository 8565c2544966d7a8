using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class CommittedFormTests
{
    static JsonObject? Of(params (string, string)[] values) => CommittedForm.Of(values);

    [Theory]
    [InlineData("<div><div></div><div><strong>Installing Packages</strong><ul><li><span>A..</span></li></ul></div><div></div></div>")]
    [InlineData("<div><div><strong>Restore sources</strong><ul><li><span>/feed</span></li></ul></div><div></div><div><strong>Installed Packages</strong><ul><li><span>A, 1.0.0</span></li></ul></div></div>")]
    [InlineData("<div><div id='dotnet-interactive-this-cell-1.2' style='display: none'>probe</div><script>x</script></div>")]
    public void What_the_kernel_says_about_itself_is_dropped(string html) => Assert.Null(Of(("text/html", html)));

    [Fact]
    public void So_is_the_note_about_an_extension() => Assert.Null(Of(("text/plain", "Loading extension script from `/x/extension.dib`")));

    [Fact]
    public void A_number_is_plain_text() =>
        Assert.Equal("""{"text/plain":["2"]}""", Of(("text/html", "<div class=\"dni-plaintext\"><pre>2</pre></div><style>\r\n.dni { }\r\n</style>"))!.ToJsonString());

    [Fact]
    public void Text_inside_the_kernels_frame_is_decoded() =>
        Assert.Equal(["a < b\n", "  c & d"], Of(("text/html", "<div class=\"dni-plaintext\"><pre>a &lt; b\r\n  c &amp; d</pre></div>"))!["text/plain"]!.AsArray().Select(line => (string)line!));

    [Fact]
    public void A_table_keeps_its_cells_and_loses_scripts_styles_and_handlers()
    {
        JsonObject data = Of(("text/html", "<style>x</style><table onclick=\"go()\"><tr><th>k</th><th>ms</th></tr><tr><td>turn once = 5</td><td><a href=\" javascript:x\">2.5</a></td></tr></table><script>alert('<p>')</script><!-- c -->"))!;
        string html = string.Concat(data["text/html"]!.AsArray().Select(line => (string?)line));
        Assert.Equal("<table><tbody><tr><th>k</th><th>ms</th></tr><tr><td>turn once = 5</td><td><a>2.5</a></td></tr></tbody></table>", html);
        Assert.Equal(["k  ms\n", "turn once = 5  2.5"], data["text/plain"]!.AsArray().Select(line => (string)line!));
    }

    [Fact]
    public void Html_gives_way_to_a_picture_and_to_a_chart()
    {
        Assert.Equal("""{"image/png":"iVBO","text/plain":["a picture"]}""", Of(("text/html", "<img>"), ("text/plain", "a picture"), ("image/png", "iVBO"))!.ToJsonString());
        Assert.Equal(["application/vnd.plotly.v1+json"], Of(("text/html", "<div></div>"), (CommittedForm.Plotly, "{}"))!.Select(item => item.Key));
    }

    [Fact]
    public void Html_of_nothing_but_a_script_is_dropped() => Assert.Null(Of(("text/html", "<div id='c'></div><script>draw()</script>")));

    [Fact]
    public void Json_becomes_an_object_with_sorted_keys_and_numbers_as_they_were() =>
        Assert.Equal("""{"data":[],"layout":{"a":1e-7,"b":1.50}}""", Of((CommittedForm.Plotly, """{"layout":{"b":1.50,"a":1e-7},"data":[]}"""))![CommittedForm.Plotly]!.ToJsonString());

    [Fact]
    public void Json_that_is_none_stays_text() => Assert.Equal("{oops", (string)Of(("application/json", "{oops"))!["application/json"]!);
}
