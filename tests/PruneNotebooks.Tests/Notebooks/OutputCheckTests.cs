using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class OutputCheckTests
{
    static IReadOnlyList<OutputDifference> Compare(string committed, string now, params string[] tags)
    {
        JsonObject cell = NotebookFiles.Code("1", tags);
        cell["outputs"] = JsonNode.Parse(committed);
        Notebook notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cell)), "a.ipynb");
        Step step = NotebookRunner.Steps(notebook)[0];
        return OutputCheck.Compare(new(notebook, [new(step, TimeSpan.Zero, (JsonArray)JsonNode.Parse(now)!)]) { Complete = true });
    }

    static string Stream(params string[] text) => $$"""[{"output_type":"stream","name":"stdout","text":{{new JsonArray([.. text.Select(t => JsonValue.Create(t))]).ToJsonString()}}}]""";

    [Fact]
    public void Only_the_lines_that_differ_are_told()
    {
        OutputDifference difference = Assert.Single(Compare(Stream("a\n", "b\n", "c\n"), Stream("a\n", "x\n", "y\n", "c\n")));
        Assert.Equal(1, difference.Cell);
        Assert.Equal(["b"], difference.Removed);
        Assert.Equal(["x", "y"], difference.Added);
    }

    [Theory]
    [InlineData("""[{"output_type":"stream","name":"stdout","text":"a\nb\n"}]""", """[{"output_type":"stream","name":"stdout","text":["a\n","b\n"]}]""")]
    [InlineData("""[{"output_type":"stream","name":"stdout","text":"a"},{"output_type":"stream","name":"stdout","text":"b\r\n"}]""", """[{"output_type":"stream","name":"stdout","text":["ab\n"]}]""")]
    [InlineData("""[{"output_type":"display_data","data":{"text/html":"<div class=\"dni-plaintext\"><pre>2</pre></div>"}}]""", """[{"output_type":"execute_result","data":{"text/plain":["2"]}}]""")]
    [InlineData("""[{"output_type":"display_data","data":{"image/png":"AAAA","text/plain":["chart"]}}]""", """[{"output_type":"display_data","data":{"text/plain":["chart"]}}]""")]
    [InlineData("[]", "[]")]
    [InlineData("""[{"output_type":"stream","name":"stdout","text":"\rhalf"},{"output_type":"stream","name":"stdout","text":"\rall\n"}]""", """[{"output_type":"stream","name":"stdout","text":["all\n"]}]""")]
    [InlineData("""[{"output_type":"display_data","data":{"text/plain":"Loading extension script from `/x/extension.dib`"}}]""", "[]")]
    [InlineData("""[{"output_type":"stream","name":"stdout","text":"Computing on cpu (no CUDA device is present).\na\n"}]""", """[{"output_type":"stream","name":"stdout","text":["a\n"]}]""")]
    [InlineData("""[{"output_type":"stream","name":"stderr","text":["\n","warning CS1701: Assuming assembly reference 'A, Version=8.0.0.0'\n"]},{"output_type":"stream","name":"stdout","text":"a\n"}]""", """[{"output_type":"stream","name":"stdout","text":["a\n"]}]""")]
    [InlineData("""[{"output_type":"display_data","data":{"text/markdown":"The `#!connect jupyter` feature is in preview. Please report any feedback."}}]""", "[]")]
    [InlineData("""[{"output_type":"display_data","data":{"text/html":"<div><div></div><div></div><div><strong>Installed Packages</strong><ul><li><span>A, 1.0.0</span></li></ul></div></div>"}}]""", "[]")]
    [InlineData("""[{"output_type":"error","ename":"Error","evalue":"System.InvalidOperationException: no luck\n   at Submission#10.F()\n   at Submission#10.<<Initialize>>d__0.MoveNext()","traceback":[]}]""",
        """[{"output_type":"error","ename":"System.InvalidOperationException","evalue":"no luck","traceback":[]}]""")]
    public void Texts_that_say_the_same_are_the_same(string committed, string now) => Assert.Empty(Compare(committed, now));

    [Theory]
    [InlineData("it took 9.5 ms.", "it took 12 s.")]
    [InlineData("plan      time        gains\n----  ---------  -----------\n   A  1.2e-3 s  1.5 times as fast [1.2, 1.7]\n", "plan       time              gains\n----  ----------  -----------------\n   A  12.25 min  no gain at this size: 1.02 [0.9, 1.1]\n")]
    [InlineData("1 ms [0.9, 1.1]  slower: 0.5 times as fast [0.4, 0.6]", "25 µs [20, 30]  2 times as fast [1.5, 2.5]")]
    public void Measured_times_and_what_they_gain_are_not_compared(string committed, string now) => Assert.Empty(Compare(Stream(committed), Stream(now)));

    [Theory]
    [InlineData("12 ms, 36 tokens", "12 ms, 37 tokens")]
    [InlineData("1.2 GFLOPs", "1.3 GFLOPs")]
    [InlineData("36 small things", "37 small things")]
    [InlineData("a  b", "a b")]
    public void Other_numbers_are(string committed, string now) => Assert.Single(Compare(Stream(committed), Stream(now)));

    [Theory]
    [InlineData("[]", """[{"output_type":"stream","name":"stdout","text":"a\n"}]""")]
    [InlineData("""[{"output_type":"error","ename":"A","evalue":"b","traceback":[]}]""", """[{"output_type":"error","ename":"A","evalue":"c","traceback":[]}]""")]
    [InlineData("""[{"output_type":"stream","name":"stdout","text":" a\n"}]""", """[{"output_type":"stream","name":"stdout","text":"a\n"}]""")]
    public void Texts_that_differ_are_found(string committed, string now) => Assert.Single(Compare(committed, now));

    [Fact]
    public void A_cell_may_be_exempt() => Assert.Empty(Compare(Stream("1.2 ms\n"), Stream("3.4 ms\n"), "nbval-ignore-output"));
}
