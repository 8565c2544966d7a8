using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

namespace PruneNotebooks.Tests.Commands;

/// <summary>Runs the <c>prune</c> command inside the test's process.</summary>
static class Prune
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(PruneCommand.Create(), args, output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Runs a command that must fail with one sentence and print nothing else.</summary>
    public static async Task<string> RefusedAsync(int code, params string[] args)
    {
        var result = await RunAsync(args);
        Assert.Equal(code, result.Code);
        Assert.Equal("", result.Output);
        string sentence = result.Error.TrimEnd('\n');
        Assert.DoesNotContain('\n', sentence);
        Assert.EndsWith(".", sentence);
        return sentence;
    }
}
