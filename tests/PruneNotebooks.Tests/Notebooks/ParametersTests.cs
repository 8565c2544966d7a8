using System.Text;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class ParametersTests
{
    static readonly Notebook Sample = Parse(NotebookFiles.Code("1"), NotebookFiles.Code(
        """
        // What to compare
        int budget = 16;
        double alpha = 0.1; float beta = 1f;
        var gamma = .5f;
        string question = "what ?";
        var colour = "red";
        const int depth = 3;
        int[] keeps = [64, 32];
        List<(int, string)> pairs = new();
        decimal price = 1m;
        bool fast = x == 2;
        """, "parameters"), NotebookFiles.Code("2"));

    static Notebook Parse(params System.Text.Json.Nodes.JsonObject[] cells) => Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cells)), "a.ipynb");
    static string Injected(params string[] settings) => Parameters.Inject(Sample, settings).Single(step => step.Injected).Source;

    [Theory]
    [InlineData("budget=64", "budget = 64;")]
    [InlineData("alpha=1", "alpha = 1;")]
    [InlineData("beta=0.25", "beta = 0.25f;")]
    [InlineData("gamma=2", "gamma = 2f;")]
    [InlineData("price=2.50", "price = 2.50m;")]
    [InlineData("question=how many ?", "question = \"how many ?\";")]
    [InlineData("question=64", "question = \"64\";")]
    [InlineData("colour=true", "colour = \"true\";")]
    [InlineData("colour=\"a \\\"b\\\"\"", "colour = \"a \\\"b\\\"\";")]
    [InlineData("colour=null", "colour = null;")]
    [InlineData("colour=C:\\new", "colour = \"C:\\\\new\";")]
    [InlineData("depth=9", "const int depth = 9;")]
    [InlineData("keeps=[1,2]", "keeps = [1, 2];")]
    [InlineData("fast=false", "fast = false;")]
    [InlineData("question=a=b", "question = \"a=b\";")]
    public void A_setting_becomes_an_assignment_of_the_declared_type(string setting, string code) => Assert.Equal($"// Parameters\n{code}", Injected(setting));

    [Fact]
    public void The_injected_cell_follows_the_declaring_one_and_counts_go_on()
    {
        var steps = Parameters.Inject(Sample, ["budget=1", "alpha=2"]);
        Assert.Equal([1, 2, 3, 4], steps.Select(step => step.Number));
        Assert.Equal([false, false, true, false], steps.Select(step => step.Injected));
        Assert.Equal("// Parameters\nbudget = 1;\nalpha = 2;", steps[2].Source);
    }

    [Fact]
    public void An_earlier_injected_cell_is_replaced()
    {
        Notebook again = Parse(NotebookFiles.Code("int a = 1;", "parameters"), NotebookFiles.Code("a = 2;", "injected-parameters"), NotebookFiles.Code("a"));
        var steps = Parameters.Inject(again, ["a=3"]);
        Assert.Equal(["int a = 1;", "// Parameters\na = 3;", "a"], steps.Select(step => step.Source));
        Assert.True(steps[1].Replaces);
    }

    [Theory]
    [InlineData("budget", "--set budget: expected name=value, for example --set budget=64.")]
    [InlineData("=3", "--set =3: expected name=value, for example --set budget=64.")]
    [InlineData("2x=3", "--set 2x=3: expected name=value, for example --set budget=64.")]
    [InlineData("budgt=3", "--set budgt=3: a.ipynb declares no parameter 'budgt'; it has budget, alpha, beta, gamma, question, colour, depth, keeps, pairs, price, fast.")]
    [InlineData("budget={\"a\":1}", "--set budget={\"a\":1}: a JSON object has no C# literal; use numbers, texts, true, false, null and arrays of them.")]
    public void A_setting_that_cannot_be_is_told(string setting, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Injected(setting)).Message);

    [Fact]
    public void A_notebook_without_a_parameters_cell_is_told() =>
        Assert.StartsWith("a.ipynb has no code cell tagged 'parameters', so --set a=1 has nowhere to go.",
            Assert.Throws<ArgumentException>(() => Parameters.Inject(Parse(NotebookFiles.Code("1")), ["a=1"])).Message);
}
