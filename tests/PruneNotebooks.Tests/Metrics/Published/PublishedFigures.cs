using System.Text.Json;

namespace PruneNotebooks.Tests.Metrics.Published;

/// <summary>The figures: in <c>tests/data/published-figures.json</c>, or in the file that the environment variable <c>PRUNE_FIGURES</c> names.</summary>
static class PublishedFigures
{
    static readonly string? Given = Environment.GetEnvironmentVariable("PRUNE_FIGURES") is { Length: > 0 } file ? file : null;

    /// <summary>Whether they are those of this repository.</summary>
    public static bool AreOurs => Given is null;

    public static IReadOnlyList<PublishedFigure> All { get; } =
        [.. JsonElement.Parse(File.ReadAllText(Given ?? TestData.Path("published-figures.json"))).GetProperty("figures").EnumerateArray().Select(figure => new PublishedFigure(figure))];

    /// <summary>Those whose formula has an evaluator.</summary>
    public static IReadOnlyList<PublishedFigure> ToRun { get; } = [.. All.Where(figure => FigureFormulas.Of(figure) is not null)];

    public static PublishedFigure Of(string id) => All.Single(figure => figure.Id == id);

    /// <summary>How many follow from their formula, by kind, and how many do not.</summary>
    public static string Summary
    {
        get
        {
            var kinds = ToRun.GroupBy(figure => FigureFormulas.Of(figure)!.Value.Kind).OrderBy(kind => kind.Key);
            string byKind = string.Join(", ", kinds.Select(kind => $"{kind.Count(figure => figure.Printed is not null && Follows(figure))} of {kind.Count(figure => figure.Printed is not null)} {Name(kind.Key)}"));
            var printed = ToRun.Where(figure => figure.Printed is not null).ToArray();
            return $"{printed.Count(Follows)} of {printed.Length} printed numbers follow from their formula to the printed digit ({byKind}), {printed.Count(figure => !Follows(figure))} are known not to; {ToRun.Count - printed.Length} formulas have no printed number";
        }
    }

    static bool Follows(PublishedFigure figure) => figure.AsPrinted(FigureFormulas.Of(figure)!.Value.Value(figure)) == figure.Printed;

    static string Name(FigureKind kind) => kind switch
    {
        FigureKind.Cost => "costs of models",
        FigureKind.Tokens => "numbers of tokens",
        FigureKind.PrintedNumbers => "combinations of printed numbers",
        _ => "methods' own counts",
    };
}
