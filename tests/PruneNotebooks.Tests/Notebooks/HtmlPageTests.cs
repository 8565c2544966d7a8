using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class HtmlPageTests
{
    static readonly string Folder = Directory.CreateTempSubdirectory("prune-test-").FullName;

    static string Page(params JsonObject[] cells) => HtmlPage.Of(Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cells)), "my notebook.ipynb"), Folder);

    static JsonObject Shows(params string[] outputs)
    {
        JsonObject cell = NotebookFiles.Code("var x = \"<b>\"; // why");
        cell["outputs"] = new JsonArray([.. outputs.Select(output => JsonNode.Parse(output))]);
        return cell;
    }

    [Fact]
    public void Text_code_and_every_kind_of_output_are_there()
    {
        string page = Page(NotebookFiles.Text("| a |\n|---|\n| 1 |"), Shows(
            """{"output_type":"stream","name":"stderr","text":["a < b\n"]}""",
            """{"output_type":"error","ename":"E","evalue":"v","traceback":["E: v","   at cell 1, line 1"]}""",
            """{"output_type":"display_data","data":{"text/html":["<table id=\"t\"></table>"],"text/plain":["t"]},"metadata":{}}""",
            """{"output_type":"display_data","data":{"image/png":"iVBORw0KGgo=\n","text/plain":["a \"picture\""]},"metadata":{"image/png":{"width":30}}}""",
            """{"output_type":"display_data","data":{"image/svg+xml":["<svg/>"]},"metadata":{}}""",
            """{"output_type":"execute_result","data":{"text/plain":["1 < 2"]},"metadata":{},"execution_count":1}"""));
        Assert.Contains("<title>my notebook</title>", page);
        Assert.Contains("<td>1</td>", page);
        Assert.Contains("<span class=\"keyword\">var</span> x = <span class=\"string\">&quot;&lt;b&gt;&quot;</span>; <span class=\"comment\">// why", page);
        Assert.Contains("<div class=\"output stderr\"><pre>a &lt; b\n</pre></div>", page);
        Assert.Contains("<div class=\"output error\"><pre>E: v\n   at cell 1, line 1</pre></div>", page);
        Assert.Contains("<table id=\"t\"></table>", page);
        Assert.Contains("<img alt=\"a &quot;picture&quot;\" width=\"30\" src=\"data:image/png;base64,iVBORw0KGgo=\">", page);
        Assert.Contains("<img alt=\"\" src=\"data:image/svg+xml;base64,PHN2Zy8+\">", page);
        Assert.Contains("<pre>1 &lt; 2</pre>", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public void Pictures_of_text_cells_become_part_of_the_page()
    {
        File.WriteAllBytes(Path.Combine(Folder, "a photo.jpg"), [1, 2, 3]);
        JsonObject text = NotebookFiles.Text("![p](a%20photo.jpg) ![q](attachment:q.png) ![gone](none.png)");
        text["attachments"] = JsonNode.Parse("""{"q.png":{"image/png":"AAEC"}}""");
        string page = Page(text);
        Assert.Contains("src=\"data:image/jpeg;base64,AQID\"", page);
        Assert.Contains("src=\"data:image/png;base64,AAEC\"", page);
        Assert.Contains("src=\"none.png\"", page);
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "F#")]
    [InlineData("#!py\n#!set --name x --value @csharp:x\nx", "Python")]
    [InlineData("#!javascript\nreturn 1;", "JavaScript")]
    [InlineData("#!connect jupyter --kernel-name py --kernel-spec python3", null)]
    [InlineData("1 + 1", null)]
    public void Cells_in_another_language_than_the_notebook_say_so(string source, string? language)
    {
        string page = Page(NotebookFiles.Code(source));
        if (language is null) Assert.DoesNotContain("class=\"language\"", page);
        else Assert.Contains($"<div class=\"language\">{language}</div>", page);
    }

    [Fact]
    public void A_cell_in_JavaScript_runs_on_the_page()
    {
        string page = Page(Shows("""{"output_type":"display_data","data":{"application/vnd.prune.javascript.v1+json":{"code":"return '</script>';","values":{"n":1}},"image/png":"iVBORw0KGgo=","text/plain":["drawn by JavaScript"]},"metadata":{}}"""));
        Assert.Contains("<div class=\"javascript\" data-cell=\"js-", page);
        Assert.Contains("<noscript><img alt=\"drawn by JavaScript\"", page);
        Assert.Equal(1, page.Split("</script>").Length - 1);
    }

    [Fact]
    public void A_page_carries_what_sets_formulas_only_if_it_has_some()
    {
        Assert.DoesNotContain("katex", Page(NotebookFiles.Text("A price of 5 dollars.")), StringComparison.OrdinalIgnoreCase);
        string page = Page(NotebookFiles.Text("$a$ and $$b$$"));
        Assert.Contains("<span class=\"math\">\\(a\\)</span> and <span class=\"math display\">\\(b\\)</span>", page, StringComparison.Ordinal);
        Assert.Contains("KaTeX_Math", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(fonts", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }
}
