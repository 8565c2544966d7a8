using System.Text.Json.Nodes;
using PruneNotebooks.Pruners;

namespace PruneNotebooks.Tests.Commands;

public sealed class MethodsCommandTests
{
    [Fact]
    public async Task All_methods_are_listed_as_aligned_plain_text()
    {
        var (code, output, _) = await Prune.RunAsync("methods");
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(0, code);
        Assert.Equal(MethodCatalogue.All.Select(method => method.Slug), lines.Skip(2).Select(line => line.Split(' ')[0]));
        Assert.DoesNotContain('\u001b', output);
        int column = lines[0].IndexOf("stage", StringComparison.Ordinal);
        Assert.All(lines.Skip(2), line => Assert.Equal(' ', line[column - 1]));
    }

    [Fact]
    public async Task One_method_is_shown_with_its_paper_and_options()
    {
        var (code, output, _) = await Prune.RunAsync("methods", "HiPrune");
        Assert.Equal(0, code);
        Assert.Contains("https://arxiv.org/abs/2508.00553", output);
        Assert.Matches(@"\nAlpha +0\.1\n", output);
    }

    [Fact]
    public async Task Programs_get_the_same_as_json()
    {
        var all = JsonNode.Parse((await Prune.RunAsync("methods", "--json")).Output)!.AsArray();
        Assert.Equal(MethodCatalogue.All.Select(method => method.ArXiv), all.Select(method => (string?)method!["arXiv"]));
        var one = JsonNode.Parse((await Prune.RunAsync("methods", "fastv", "--json")).Output)!;
        Assert.True(JsonNode.DeepEquals(one, all.Single(method => (string?)method!["slug"] == "fastv")));
        Assert.Equal("decoder layer 2", (string?)one["stage"]);
        Assert.Contains("-> top-k", (string?)one["parts"]);
        Assert.Equal("last_token_attention", (string?)one["needs"]![0]!["tensor"]);
    }

    [Fact]
    public async Task A_misspelt_name_gets_the_nearest() =>
        Assert.StartsWith("There is no method 'divprun'. Nearest: divprune", await Prune.RefusedAsync(1, "methods", "divprun"));

    [Fact]
    public async Task Help_teaches_with_examples()
    {
        foreach (string verb in new[] { "ask", "bench", "methods", "select", "scenes" })
        {
            var (code, output, _) = await Prune.RunAsync(verb, "--help");
            Assert.Equal(0, code);
            Assert.Contains($"  prune {verb}", output[output.IndexOf("Examples:", StringComparison.Ordinal)..]);
        }
    }

    [Theory]
    [InlineData("select", "--in")]
    [InlineData("prunes")]
    [InlineData("scenes", "--count", "many")]
    [InlineData("ask", "--scene", "-1")]
    [InlineData("ask", "--positions", "both")]
    public async Task What_is_not_understood_is_exit_code_2_with_a_way_on(params string[] args)
    {
        var (code, _, error) = await Prune.RunAsync(args);
        Assert.Equal(2, code);
        Assert.Contains("--help' shows what is possible.", error);
        Assert.DoesNotContain("System.", error);
    }
}
