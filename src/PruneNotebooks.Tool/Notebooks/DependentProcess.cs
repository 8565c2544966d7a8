using System.Diagnostics;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Starts programs that must not outlive this one, not even when it is killed.</summary>
/// <remarks>
/// On Linux the kernel of the operating system sees to it (<c>setpriv --pdeathsig KILL</c>, part of util-linux). It counts the death of
/// the <i>thread</i> that started the program, so each program gets a thread of its own that waits for its end.
/// </remarks>
static class DependentProcess
{
    static readonly string? Setpriv = OperatingSystem.IsLinux() ? Executables.Find("setpriv") : null;

    /// <summary>Starts a program; its standard streams are redirected.</summary>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static Process Start(
        string program, IEnumerable<string> arguments, string workingDirectory, IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(Setpriv ?? program)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Setpriv is not null)
            foreach (string argument in (string[])["--pdeathsig", "KILL", program]) start.ArgumentList.Add(argument);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string? value) in environment ?? []) start.Environment[name] = value;
        // A build that started this program leaves its own settings behind; they break the builds that a child may start.
        foreach (string name in (string[])["MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "MSBuildLoadMicrosoftTargetsReadOnly"])
            start.Environment.Remove(name);

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => StartAndWait(start, started)) { IsBackground = true, Name = $"parent of {Path.GetFileName(program)}" }.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    static void StartAndWait(ProcessStartInfo start, TaskCompletionSource<Process> started)
    {
        try
        {
            var process = Process.Start(start)!;
            started.SetResult(process);
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            started.TrySetException(new IOException($"{start.FileName} cannot be started: {e.Message}", e));
        }
        catch (InvalidOperationException)
        {
            // Disposed while this thread waited: nothing left to wait for.
        }
    }

    /// <summary>Ends a program and everything it started; does nothing when it has ended.</summary>
    public static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime.
        }
    }
}
