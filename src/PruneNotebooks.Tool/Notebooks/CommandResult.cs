using System.Diagnostics;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What a program that ran to its end has printed.</summary>
sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program; it is ended, with all it started, when <paramref name="cancel"/> says so.</summary>
    public static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string workingDirectory, CancellationToken cancel,
        IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        using Process process = DependentProcess.Start(program, arguments, workingDirectory, environment);
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancel), error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            DependentProcess.End(process);
            throw;
        }
    }

    /// <summary>The last lines that were printed, as one line: where programs say what went wrong.</summary>
    public string LastLines(int count) =>
        string.Join(" | ", (Output + "\n" + Error).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(count));
}
