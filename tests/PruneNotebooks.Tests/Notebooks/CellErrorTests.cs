using System.Text.Json;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class CellErrorTests
{
    const string Source = "#r \"nuget: A, 1.0.0\"\n\nvar x = 1;\nthrow new Exception(\"q\");";

    static SourcePlaces Places()
    {
        var places = new SourcePlaces();
        void Received(string token, int cell, string source, string code) =>
            places.Add(new("CodeSubmissionReceived", token, JsonSerializer.SerializeToElement(new { code })), cell, source);
        Received("cell-2", 2, "int F(int x) {\n  return 1 / x;\n}", "int F(int x) {\n  return 1 / x;\n}");
        Received("cell-3.3", 3, Source, "var x = 1;\r\nthrow new Exception(\"q\");");
        return places;
    }

    [Fact]
    public void An_exception_names_cells_and_lines()
    {
        CellError error = CellError.Of(3, """
            System.DivideByZeroException: Attempted to divide by zero.
               at Submission#2.F(Int32 x) in /home/me/cell-2:line 2
               at Library.G() in D:\build\src\G.cs:line 7
               at Submission#5.<<Initialize>>d__0.MoveNext() in /home/me/cell-3.3:line 2
            --- End of stack trace from previous location ---
               at Microsoft.CodeAnalysis.Scripting.ScriptExecutionState.RunSubmissionsAsync[TResult](ImmutableArray`1 x)
            """, Places());
        Assert.Equal(("System.DivideByZeroException", "Attempted to divide by zero.", 4), (error.Name, error.Message, error.Line));
        Assert.Equal(
        [
            "System.DivideByZeroException: Attempted to divide by zero.", "   at F(Int32 x) in cell 2, line 2", "   at Library.G() in G.cs:line 7", "   at cell 3, line 4",
        ], error.Traceback);
    }

    [Theory]
    [InlineData("cell-3.3(2,9): error CS1525: Invalid expression term ';'")]
    [InlineData("(2,9): error CS1525: Invalid expression term ';'")]
    public void A_compile_error_names_cell_line_and_column(string message)
    {
        CellError error = CellError.Of(3, message, Places());
        Assert.Equal(("error CS1525", "Invalid expression term ';'", 4), (error.Name, error.Message, error.Line));
        Assert.Equal(["cell 3, line 4, column 9: error CS1525: Invalid expression term ';'"], error.Traceback);
    }

    [Fact]
    public void A_message_without_a_type_stays_whole()
    {
        CellError error = CellError.Of(1, "The kernel died (exit code 134).", new());
        Assert.Equal(("Error", "The kernel died (exit code 134).", null), (error.Name, error.Message, error.Line));
    }

    [Fact]
    public void A_failed_restore_names_the_package_and_no_temporary_path()
    {
        CellError error = CellError.Of(1, "/root/.packagemanagement/nuget/Projects/1--2/Project.fsproj : error NU1101: Unable to find package Nope. No packages exist", new());
        Assert.Equal(("error NU1101", "Unable to find package Nope. No packages exist"), (error.Name, error.Message));
        Assert.Equal("error NU1101: Unable to find package Nope. No packages exist", Assert.Single(error.Traceback));
    }
}
