using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class NotebookWriterTests
{
    static readonly JsonArray Hello = (JsonArray)JsonNode.Parse("""[{"name":"stdout","output_type":"stream","text":["é 😀 \u2028 </script>\n"]}]""")!;

    /// <summary>Layouts that editors write: unit of indentation, line ending, byte order mark, end of file.</summary>
    static readonly Gen<string> Layouts = Gen.Select(
        Gen.OneOf(" ", "  ", "    ", "\t", ""), Gen.OneOf("\n", "\r\n"), Gen.Bool, Gen.OneOf("", "\n", "\n\n"), GenCells,
        (indent, newLine, mark, end, cells) => (mark ? "\uFEFF" : "") + new JsonLayout(indent, indent.Length == 0 ? "" : newLine).Print(NotebookFiles.Document(cells), "") + end.Replace("\n", newLine));

    static Gen<JsonObject[]> GenCells => Gen.Select(Gen.OneOf("code", "markdown"), GenText, Gen.Bool, (kind, source, lines) =>
    {
        JsonObject cell = kind == "code" ? NotebookFiles.Code(source, "a tag") : NotebookFiles.Text(source);
        if (lines) cell["source"] = CellOutputs.Lines(source);
        if (kind == "code") cell["outputs"] = Hello.DeepClone();
        cell["unknown \" key"] = new JsonArray(1.50m, null, true, new JsonObject());
        return cell;
    }).Array[0, 6];

    static Gen<string> GenText => Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.OneOf('\n', '\t', '"', '\\', 'é', '\u2028', '\u00a0')), 0, 40];

    [Fact]
    public void A_run_with_identical_outputs_gives_an_identical_file() => Layouts.Sample(text =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var notebook = Notebook.Parse(bytes, "a.ipynb");
        var first = new NotebookWriter(notebook);
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == CellKind.Code)) first.SetResult(cell, Hello, null);
        Assert.Equal(bytes, first.ToBytes());

        byte[] executed = Executed(notebook);
        Assert.Equal(executed, Executed(Notebook.Parse(executed, "a.ipynb")));
    });

    [Fact]
    public void Only_outputs_and_counts_change() => Layouts.Sample(text =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] executed = Executed(Notebook.Parse(bytes, "a.ipynb"));
        // Put the old results back: nothing may be left of the run.
        var notebook = Notebook.Parse(executed, "a.ipynb");
        var back = new NotebookWriter(notebook);
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == CellKind.Code)) back.SetResult(cell, Hello, null);
        Assert.Equal(text, Encoding.UTF8.GetString(back.ToBytes()));
    });

    static byte[] Executed(Notebook notebook)
    {
        var writer = new NotebookWriter(notebook);
        foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == CellKind.Code))
            writer.SetResult(cell, [new JsonObject { ["data"] = new JsonObject { ["text/plain"] = CellOutputs.Lines("a\nb \"q\" 😀") }, ["output_type"] = "display_data" }], 7);
        return writer.ToBytes();
    }

    [Fact]
    public void New_outputs_look_like_Jupyter_wrote_them()
    {
        var notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(NotebookFiles.Code("1"))), "a.ipynb");
        var writer = new NotebookWriter(notebook);
        writer.SetResult(notebook.Cells[0], Hello, 1);
        string text = Encoding.UTF8.GetString(writer.ToBytes());
        Assert.Contains("\n   \"outputs\": [\n    {\n     \"name\": \"stdout\",\n     \"output_type\": \"stream\",\n     \"text\": [\n      \"é 😀 \u2028 </script>\\n\"\n     ]\n    }\n   ],\n", text);
        Assert.Contains("\n   \"execution_count\": 1,\n", text);
    }

    [Fact]
    public void A_cell_without_outputs_and_count_gets_both()
    {
        JsonObject cell = NotebookFiles.Code("1");
        cell.Remove("outputs");
        cell.Remove("execution_count");
        var notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cell)), "a.ipynb");
        var writer = new NotebookWriter(notebook);
        writer.SetResult(notebook.Cells[0], Hello, 3);
        JsonNode written = JsonNode.Parse(writer.ToBytes())!["cells"]![0]!;
        Assert.Equal(3, (int)written["execution_count"]!);
        Assert.True(JsonNode.DeepEquals(Hello, written["outputs"]));
        Assert.Equal("1", (string)written["source"]!);
    }

    [Fact]
    public void An_output_that_is_one_string_says_the_same_as_its_lines()
    {
        JsonObject cell = NotebookFiles.Code("1");
        cell["outputs"] = JsonNode.Parse("""[{"name":"stdout","output_type":"stream","text":"a\nb\n"}]""");
        byte[] bytes = Encoding.UTF8.GetBytes(NotebookFiles.Json(cell));
        var notebook = Notebook.Parse(bytes, "a.ipynb");
        var writer = new NotebookWriter(notebook);
        writer.SetResult(notebook.Cells[0], (JsonArray)JsonNode.Parse("""[{"name":"stdout","output_type":"stream","text":["a\n","b\n"]}]""")!, null);
        Assert.Equal(bytes, writer.ToBytes());
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_stays_as_it_was()
    {
        string folder = Directory.CreateTempSubdirectory("prune-test-").FullName;
        string taken = Directory.CreateDirectory(Path.Combine(folder, "a.ipynb")).FullName;
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(taken, [1, 2, 3]));
        Assert.Equal([taken], Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void A_link_to_a_notebook_stays_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need rights on Windows");
        string folder = Directory.CreateTempSubdirectory("prune-test-").FullName;
        string file = Path.Combine(folder, "real"), link = Path.Combine(folder, "link");
        File.WriteAllBytes(file, [1]);
        File.CreateSymbolicLink(link, "real");
        AtomicFile.Write(link, [2]);
        Assert.Equal("real", new FileInfo(link).LinkTarget);
        Assert.Equal([2], File.ReadAllBytes(file));
    }
}
