using System.Globalization;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>How a submission ended.</summary>
/// <param name="Error">What went wrong, in the kernel's own words; null when nothing did.</param>
/// <param name="KernelUsable">False when nothing more can be submitted: the kernel died, or a cell did not stop.</param>
sealed record SubmissionResult(string? Error, bool KernelUsable = true);

/// <summary>A running kernel into which cells are submitted, one after the other.</summary>
sealed partial class KernelSession : IDisposable
{
    static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2), StopTime = TimeSpan.FromSeconds(3);

    readonly KernelProcess kernel;
    readonly string? packageSource;
    readonly HashSet<string> languagesWithSource = [];

    KernelSession(KernelProcess kernel, string? packageSource) => (this.kernel, this.packageSource) = (kernel, packageSource);

    /// <summary>Starts a kernel and waits until it takes code.</summary>
    /// <param name="tool">The kernel's program.</param>
    /// <param name="workingDirectory">The folder of the notebook.</param>
    /// <param name="environment">Additions to the environment of this program.</param>
    /// <param name="packageSource">A folder of packages that <c>#r "nuget: ..."</c> finds besides the usual sources, or null.</param>
    /// <param name="cancel">Ends the wait, and the kernel.</param>
    /// <exception cref="KernelException">The kernel did not start.</exception>
    public static async Task<KernelSession> StartAsync(
        KernelTool tool, string workingDirectory, IReadOnlyDictionary<string, string> environment, string? packageSource, CancellationToken cancel)
    {
        var session = new KernelSession(KernelProcess.Start(tool, workingDirectory, environment), packageSource);
        try
        {
            await session.ReadyAsync(cancel);
            SubmissionResult first = await session.RunAsync("first", FirstSubmission.Code, null, StartTime, _ => { }, cancel);
            return first.Error is null ? session : throw new KernelException($"The kernel did not take its first submission: {first.Error}");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    async Task ReadyAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(StartTime);
        try
        {
            await foreach (KernelEvent e in kernel.Events.ReadAllAsync(patience.Token))
                if (e.Type == "KernelReady") return;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new KernelException($"The kernel was not ready after {StartTime.TotalSeconds:0} s.");
        }
        throw new KernelException($"The kernel ended while it started ({await kernel.ObituaryAsync()}).");
    }

    /// <summary>Submits code and waits for its end.</summary>
    /// <param name="token">A name for this submission: stack traces and events carry it.</param>
    /// <param name="code">What to run; magic commands work.</param>
    /// <param name="language">The kernel that gets it (<c>csharp</c> when null).</param>
    /// <param name="timeout">After this time the cell is stopped.</param>
    /// <param name="onEvent">Gets every event of the submission as it comes.</param>
    /// <param name="cancel">Stops the cell.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was used; the cell has been told to stop.</exception>
    public async Task<SubmissionResult> RunAsync(
        string token, string code, string? language, TimeSpan timeout, Action<KernelEvent> onEvent, CancellationToken cancel)
    {
        await OfferPackageSourceAsync(code, language ?? "csharp", timeout, cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(timeout);
        await SubmitAsync(token, code, language);
        try
        {
            return await EndOfAsync(token, onEvent, patience.Token);
        }
        catch (OperationCanceledException)
        {
            bool stopped = await StopAsync(token);
            cancel.ThrowIfCancellationRequested();
            return new(string.Create(CultureInfo.InvariantCulture, $"The cell ran longer than {timeout.TotalSeconds:0.#} s and was stopped."), stopped);
        }
    }

    Task SubmitAsync(string token, string code, string? language) =>
        kernel.SendAsync(token, "SubmitCode", new() { ["code"] = code, ["targetKernelName"] = language ?? "csharp" });

    async Task<SubmissionResult> EndOfAsync(string token, Action<KernelEvent> onEvent, CancellationToken patience)
    {
        await foreach (KernelEvent e in kernel.Events.ReadAllAsync(patience))
        {
            if (e.Token == token && e.Type == "CommandSucceeded") return new(Error: null);
            if (e.Token == token && e.Type == "CommandFailed") return new(e.Text("message") ?? "The cell failed without a message.");
            onEvent(e);
        }
        return new($"The kernel died ({await kernel.ObituaryAsync()}).", KernelUsable: false);
    }

    /// <summary>Asks the kernel to stop the cell; a cell that computes without a pause does not listen.</summary>
    async Task<bool> StopAsync(string token)
    {
        await kernel.SendAsync("stop", "Cancel", []);
        using var patience = new CancellationTokenSource(StopTime);
        try
        {
            return (await EndOfAsync(token, _ => { }, patience.Token)).KernelUsable;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Tells a language about the package source before its first package reference. A source given this way is part of the name under
    /// which the kernel caches what it resolved, so a changed package never meets a stale answer.
    /// </summary>
    async Task OfferPackageSourceAsync(string code, string language, TimeSpan timeout, CancellationToken cancel)
    {
        if (packageSource is null || !PackageReference().IsMatch(code)) return;
        foreach (string name in LanguageMagic().Matches(code).Select(magic => magic.Groups[1].Value).Prepend(language).Where(languagesWithSource.Add))
        {
            string token = $"source-{name}";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(timeout);
            await SubmitAsync(token, $"#i \"nuget: {packageSource}\"", name);
            await EndOfAsync(token, _ => { }, patience.Token);
        }
    }

    public void Dispose() => kernel.Dispose();

    [GeneratedRegex("""^\s*#(r\s+"nuget:|!import)""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"^\s*#!(csharp|fsharp)\b", RegexOptions.Multiline)]
    private static partial Regex LanguageMagic();
}
