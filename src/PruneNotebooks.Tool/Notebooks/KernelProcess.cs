using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The kernel's process: commands go in and events come out, one JSON object per line.</summary>
sealed class KernelProcess : IDisposable
{
    /// <summary>What is worth remembering of a kernel's dying: how it began, and how it ended.</summary>
    const int FirstLines = 4, LastLines = 6;

    readonly Process process;
    readonly Channel<KernelEvent> events = Channel.CreateUnbounded<KernelEvent>();
    readonly List<string> lastWords = [];
    readonly Task readers;

    KernelProcess(Process process)
    {
        this.process = process;
        readers = Task.WhenAll(ReadEventsAsync(), ReadErrorsAsync());
    }

    /// <summary>Starts the kernel in a folder, with additions to this program's environment.</summary>
    public static KernelProcess Start(KernelTool tool, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, string?> all = KernelEnvironment.Variables.ToDictionary(variable => variable.Key, string? (variable) => variable.Value);
        foreach ((string name, string value) in environment) all[name] = value;
        // The tool's library is started directly: 'dotnet tool run' would start a child of its own.
        string[] arguments = [tool.Library, "stdio", "--default-kernel", "csharp", "--working-dir", workingDirectory];
        return new(DependentProcess.Start(Executables.DotNet, arguments, workingDirectory, all));
    }

    /// <summary>The events in the order in which they came; it completes when the kernel ends.</summary>
    public ChannelReader<KernelEvent> Events => events.Reader;

    /// <summary>Sends a command. A kernel that has ended takes no command; its end shows in <see cref="Events"/>.</summary>
    public async Task SendAsync(string token, string commandType, JsonObject command)
    {
        var envelope = new JsonObject { ["token"] = token, ["commandType"] = commandType, ["command"] = command, ["routingSlip"] = new JsonArray() };
        try
        {
            await process.StandardInput.WriteLineAsync(envelope.ToJsonString());
            await process.StandardInput.FlushAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The kernel ended.
        }
    }

    /// <summary>What became of a kernel that ended by itself: its exit code and what it printed last.</summary>
    public async Task<string> ObituaryAsync()
    {
        await readers.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.WaitForExit(TimeSpan.FromSeconds(5));
        string code = process.HasExited ? $"exit code {process.ExitCode}" : "no exit code";
        lock (lastWords) return lastWords.Count == 0 ? code : $"{code}; it printed: {string.Join(" | ", lastWords)}";
    }

    public void Dispose()
    {
        DependentProcess.End(process);
        process.Dispose();
    }

    async Task ReadEventsAsync()
    {
        await foreach (string line in LinesAsync(process.StandardOutput))
        {
            if (KernelEvent.Parse(line) is { } e) events.Writer.TryWrite(e);
            else Remember(line);
        }
        events.Writer.Complete();
    }

    async Task ReadErrorsAsync()
    {
        await foreach (string line in LinesAsync(process.StandardError)) Remember(line);
    }

    static async IAsyncEnumerable<string> LinesAsync(StreamReader reader)
    {
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                yield break;
            }
            if (line is null) yield break;
            yield return line;
        }
    }

    void Remember(string line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (lastWords)
        {
            lastWords.Add(line.Trim());
            if (lastWords.Count > FirstLines + LastLines) lastWords.RemoveAt(FirstLines);
        }
    }
}
