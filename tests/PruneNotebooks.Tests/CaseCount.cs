using PruneNotebooks.Tests;
using PruneNotebooks.Tests.Conformance;
using PruneNotebooks.Tests.Metrics.Published;
using PruneNotebooks.Tests.Parity;

[assembly: AssemblyFixture(typeof(CaseCountReport))]

namespace PruneNotebooks.Tests;

/// <summary>Counts the cases of a harness that runs over files.</summary>
/// <param name="harness">Its name.</param>
/// <param name="withoutImplementation">How many cases nothing can run yet.</param>
/// <param name="summary">More about the results.</param>
sealed class CaseCount(string harness, Func<int> withoutImplementation, Func<string>? summary = null)
{
    public static readonly CaseCount Conformance = new("conformance", () => GoldenFiles.WithoutImplementation.Count);

    public static readonly CaseCount Parity = new("parity", () => ReferenceModels.WithoutImplementation);

    public static readonly CaseCount Figures = new("figures", () => PublishedFigures.All.Count - PublishedFigures.ToRun.Count, () => PublishedFigures.Summary);

    int passed, failed;

    /// <summary>Whether any case ran.</summary>
    public bool Any => passed + failed > 0;

    /// <summary>The line that ends a run.</summary>
    public string Line => $"{harness}: {passed + failed + withoutImplementation()} cases found, {passed} passed, {failed} failed, {withoutImplementation()} without implementation{(summary is null ? "" : $"; {summary()}")}";

    /// <summary>Runs a case.</summary>
    public void Run(Action check)
    {
        try
        {
            check();
            Interlocked.Increment(ref passed);
        }
        catch
        {
            Interlocked.Increment(ref failed);
            throw;
        }
    }
}

/// <summary>Says at the end of a run how many cases there were. (<c>dotnet test</c> swallows it; there a skipped test says it.)</summary>
public sealed class CaseCountReport : IDisposable
{
    public void Dispose()
    {
        foreach (var count in new[] { CaseCount.Conformance, CaseCount.Parity, CaseCount.Figures })
            if (count.Any) Console.WriteLine(count.Line);
    }
}
