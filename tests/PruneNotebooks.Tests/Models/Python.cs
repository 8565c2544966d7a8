using System.Diagnostics;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Models;

/// <summary>The machine's own Python with numpy; tests that need it are skipped, with the reason, where there is none.</summary>
static class Python
{
    static readonly Lazy<(string? Program, string Reason)> Found = new(Find);

    /// <summary>Runs lines of Python that can import <c>prune_tensors</c>; <c>sys.argv[1]</c> is the folder.</summary>
    /// <returns>What it printed, and what it complained about.</returns>
    public static (int ExitCode, string Output, string Error) Run(string folder, string code)
    {
        Assert.SkipWhen(Found.Value.Program is null, Found.Value.Reason);
        return Start(Found.Value.Program!, "import sys; sys.path.insert(0, sys.argv[2]); import numpy as np, prune_tensors\n" + code, folder, TensorExchange.PythonFolder);
    }

    /// <summary>The same, for code that must succeed.</summary>
    public static string Print(string folder, string code)
    {
        var (exitCode, output, error) = Run(folder, code);
        Assert.True(exitCode == 0, error);
        return output.Trim();
    }

    static (string?, string) Find()
    {
        var reasons = new List<string>();
        // The system's own first: another one that stands first on the PATH often has no numpy.
        foreach (string program in (string[])["/usr/bin/python3", "python3", "python"])
        {
            try
            {
                var (exitCode, _, error) = Start(program, "import numpy");
                if (exitCode == 0) return (program, "");
                reasons.Add($"{program}: {error.Trim().Split('\n')[^1]}");
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                reasons.Add($"{program}: {e.Message}");
            }
        }
        return (null, $"No Python with numpy (Debian: apt-get install python3-numpy): {string.Join("; ", reasons)}");
    }

    static (int, string, string) Start(string program, string code, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, ["-X", "utf8", "-c", code, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
