using System.Text.Json;
using System.Text.RegularExpressions;

namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>A session that <c>session.py</c> has with the kernel, once for all of its steps.</summary>
public sealed class KernelSession(JupyterHome home)
{
    IReadOnlyDictionary<string, string?>? problems;

    /// <summary>What went wrong in a step; <see langword="null"/> if nothing.</summary>
    public async Task<string?> ProblemAsync(string step)
    {
        problems ??= await RunAsync();
        return problems.TryGetValue(step, out string? problem) ? problem : "The session ended before this step.";
    }

    async Task<IReadOnlyDictionary<string, string?>> RunAsync()
    {
        Outcome session = await home.RunAsync(await JupyterPython.OrSkipAsync(), [Script], home.NewFolder());
        Dictionary<string, string?> found = [];
        foreach (string line in session.Output.Split('\n').Where(line => line.StartsWith("{\"step\"", StringComparison.Ordinal)))
        {
            JsonElement step = JsonDocument.Parse(line).RootElement;
            found[step.GetProperty("step").GetString()!] = step.GetProperty("problem").GetString();
            TestContext.Current.SendDiagnosticMessage("{0}: {1} s", step.GetProperty("step"), step.GetProperty("seconds"));
        }
        return found.Count > 0 ? found : throw new InvalidOperationException($"{session.Output}\n{session.Error}");
    }

    /// <summary>The script.</summary>
    public static string Script => Path.Combine(AppContext.BaseDirectory, "FrontEnds", "session.py");
}

[Collection(InJupyter.Name)]
public sealed partial class KernelSessionTests(KernelSession session) : IClassFixture<KernelSession>
{
    public static TheoryData<string> Steps => [.. Step().Matches(File.ReadAllText(KernelSession.Script)).Select(step => step.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task In_a_session(string step) => Assert.Null(await session.ProblemAsync(step));

    [GeneratedRegex(@"(?m)^@step\ndef (\w+)")]
    private static partial Regex Step();
}
