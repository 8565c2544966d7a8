using System.Diagnostics;

namespace PruneNotebooks.PackageTests;

/// <summary>How a program ended.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed on standard error.</param>
/// <param name="Time">How long it ran.</param>
sealed record Outcome(string Command, int ExitCode, string Output, string Error, TimeSpan Time)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>Runs a program to its end; it is killed, with all that it started, when it takes too long or the test is cancelled.</summary>
    public static async Task<Outcome> OfAsync(string program, IEnumerable<string> arguments, string folder, IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        // What 'dotnet test' leaves behind for its own children breaks the builds that these programs start.
        foreach (string name in (string[])["MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly", "DOTNET_HOST_PATH"]) start.Environment.Remove(name);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new($"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}", process.ExitCode, await output, await error, clock.Elapsed);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The same, if it succeeded; else the test fails with all that was printed.</summary>
    public Outcome Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command}\nended with exit code {ExitCode}\n{Output}\n{Error}");
        return this;
    }
}
