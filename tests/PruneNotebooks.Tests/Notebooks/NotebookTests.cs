using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class NotebookTests
{
    static Notebook Parse(string text) => Notebook.Parse(Encoding.UTF8.GetBytes(text), "a.ipynb");

    [Fact]
    public void Cells_are_numbered_as_front_ends_number_them()
    {
        Notebook notebook = Parse(NotebookFiles.Json(NotebookFiles.Text("# Title"), NotebookFiles.Code("1"), NotebookFiles.Code(" \n"), NotebookFiles.Code("2", "parameters")));
        Assert.Equal([0, 1, 0, 2], notebook.Cells.Select(cell => cell.Number));
        Assert.True(notebook.Cells[3].Has("parameters"));
        Assert.Equal("c#", notebook.Language);
        Assert.True(notebook.HasCellIds);
    }

    [Fact]
    public void The_language_of_a_cell_is_read_from_either_convention()
    {
        JsonObject old = NotebookFiles.Code("1"), @new = NotebookFiles.Code("1");
        old["metadata"] = new JsonObject { ["dotnet_interactive"] = new JsonObject { ["language"] = "fsharp" } };
        @new["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "pwsh" } };
        Assert.Equal(["fsharp", "pwsh"], Parse(NotebookFiles.Json(old, @new)).Cells.Select(cell => cell.Language));
    }

    [Theory]
    [InlineData("", "a.ipynb is not a notebook: the file is empty.")]
    [InlineData("  \n", "a.ipynb is not a notebook: the file is empty.")]
    [InlineData("# Title", "a.ipynb is not a notebook: no valid JSON at line 1, byte 1")]
    [InlineData("{\"cells\": [\n  {]}", "a.ipynb is not a notebook: no valid JSON at line 2, byte 4")]
    [InlineData("{\"cells\": []", "a.ipynb is not a notebook: no valid JSON at line 1, byte 13")]
    [InlineData("[]", "a.ipynb is not a notebook: it holds a JSON array.")]
    [InlineData("{}", "a.ipynb is not a notebook: it has no 'nbformat'.")]
    [InlineData("""{"nbformat": 4, "nbformat_minor": 5}""", "a.ipynb is not a notebook: it has no 'cells'.")]
    [InlineData("""{"nbformat": 4, "cells": {}}""", "a.ipynb is not a notebook: its 'cells' is no array.")]
    [InlineData("""{"nbformat": "4", "cells": []}""", "a.ipynb is not a notebook: its 'nbformat' is no whole number.")]
    [InlineData("""{"nbformat": 3, "nbformat_minor": 0, "worksheets": []}""", "a.ipynb is in nbformat 3.0; this program reads nbformat 4")]
    [InlineData("""{"nbformat": 4, "cells": [3]}""", "a.ipynb is damaged: cell 1 is a JSON number, not an object.")]
    [InlineData("""{"nbformat": 4, "cells": [{}]}""", "a.ipynb is damaged: cell 1 has no 'cell_type'.")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "heading"}]}""", "a.ipynb is damaged: the 'cell_type' of cell 1 is \"heading\"; expected \"code\", \"markdown\" or \"raw\".")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code"}]}""", "a.ipynb is damaged: cell 1 has no 'source'.")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}""", "a.ipynb is damaged: the source of cell 1 is no text.")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\ud800"}]}""", "a.ipynb is damaged")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": {}}]}""", "a.ipynb is damaged: the 'outputs' of cell 1 is no array.")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [], "outputs": []}]}""", "a.ipynb is damaged: cell 1 has two 'outputs'.")]
    [InlineData("""{"nbformat": 4, "cells": []} trailing""", "a.ipynb is not a notebook: no valid JSON at line 1, byte 30")]
    public void What_is_no_notebook_gets_one_sentence(string text, string expected)
    {
        var error = Assert.Throws<NotebookFormatException>(() => Parse(text));
        Assert.StartsWith(expected, error.Message);
        Assert.EndsWith(".", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_get_one_sentence() =>
        Assert.Equal("a.ipynb is damaged: it is not UTF-8 text.", Assert.Throws<NotebookFormatException>(() => Notebook.Parse([.. "{\""u8, 0xff, .. "\":1}"u8], "a.ipynb")).Message);

    [Fact]
    public void A_missing_file_and_a_folder_get_one_sentence()
    {
        string folder = Directory.CreateTempSubdirectory("prune-test-").FullName;
        Assert.Equal($"{folder}/none/x.ipynb: there is no such file.", Assert.Throws<NotebookFormatException>(() => Notebook.Read($"{folder}/none/x.ipynb")).Message);
        Assert.Equal($"{folder} is a folder; name the notebooks in it.", Assert.Throws<NotebookFormatException>(() => Notebook.Read(folder)).Message);
    }

    [Fact]
    public void Whatever_happens_to_a_file_reading_it_works_or_throws_the_documented_exception()
    {
        byte[] whole = Encoding.UTF8.GetBytes(NotebookFiles.Json(NotebookFiles.Text("# é"), NotebookFiles.Code("1", "a"), NotebookFiles.Code("2")));
        Gen<byte[]> mutations = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 40], Gen.OneOf("", "{", "}", "[", "]", "\"", ",", ":", "\\", "\\ud800", "null", "1e999", "\0", "\ud7ff"), (at, cut, put) =>
            whole[..at].Concat(Encoding.UTF8.GetBytes(put)).Concat(whole[Math.Min(at + cut, whole.Length)..]).ToArray());
        Gen.OneOf(mutations, Gen.Select(mutations, Gen.Int[0, 1000], Gen.Byte, (bytes, at, value) => { if (bytes.Length > 0) bytes[at % bytes.Length] = value; return bytes; })).Sample(bytes =>
        {
            try
            {
                Notebook notebook = Notebook.Parse(bytes, "a.ipynb");
                var writer = new NotebookWriter(notebook);
                foreach (NotebookCell cell in notebook.Cells.Where(c => c.Kind == CellKind.Code)) writer.SetResult(cell, [], 1);
                Notebook.Parse(writer.ToBytes(), "again");
            }
            catch (NotebookFormatException)
            {
            }
        }, iter: 5000);
    }
}
