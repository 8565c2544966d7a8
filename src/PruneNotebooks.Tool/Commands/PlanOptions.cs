using System.CommandLine;
using System.Globalization;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tool.Commands;

/// <summary>The options that say which method keeps how many tokens, and where.</summary>
static class PlanOptions
{
    public static Option<string?> Method { get; } = WithNames(new("--method", "-m") { Description = "The method that chooses; 'prune methods' lists them.", HelpName = "name" });

    public static Option<string?> Keep { get; } = new("--keep", "-k")
    {
        Description = "How many of an image's tokens stay: a number (36), or the kept part (0.25, 25%).", HelpName = "n",
    };

    public static Option<string?> At { get; } = new("--at")
    {
        Description = "Where: projector, decoder:K (before decoder layer K, counted from 0) or vision:K. The paper's place if not given.", HelpName = "stage",
    };

    /// <summary>The budget that was typed; <see langword="null"/> if none was.</summary>
    public static TokenBudget? Budget(ParseResult parse) => parse.GetValue(Keep) is { } text ? Budget(text) : null;

    /// <summary>A budget as people type it: a whole number counts tokens, any other is the kept part.</summary>
    /// <exception cref="UsageException">It is no number.</exception>
    /// <exception cref="ArgumentException">It is a number that keeps nothing or more than all.</exception>
    public static TokenBudget Budget(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count)) return TokenBudget.Count(count);
        bool percent = text.EndsWith('%');
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double part)) return TokenBudget.Ratio(percent ? part / 100 : part);
        throw new UsageException($"--keep is a number of tokens such as 36, or the kept part such as 0.25 or 25%; it was '{text}'.");
    }

    /// <summary>The stage that was typed; <see langword="null"/> if none was.</summary>
    /// <exception cref="UsageException">There is no such stage.</exception>
    public static Stage? StageOf(ParseResult parse) => parse.GetValue(At) is { } text ? StageOf(text) : null;

    /// <summary>A stage as people type it.</summary>
    /// <exception cref="UsageException">There is no such stage.</exception>
    public static Stage StageOf(string text)
    {
        string[] parts = text.Split(':');
        bool numbered = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return (parts[0].ToLowerInvariant(), numbered) switch
        {
            ("projector", _) when parts.Length == 1 => Stage.Projector,
            ("decoder", true) => Stage.Decoder(int.Parse(parts[1], CultureInfo.InvariantCulture)),
            ("vision", true) => Stage.Vision(int.Parse(parts[1], CultureInfo.InvariantCulture)),
            _ => throw new UsageException($"--at is projector, decoder:K or vision:K with a layer K counted from 0; it was '{text}'."),
        };
    }

    static Option<string?> WithNames(Option<string?> option)
    {
        option.CompletionSources.Add(_ => MethodCatalogue.All.Select(method => new System.CommandLine.Completions.CompletionItem(method.Slug)));
        return option;
    }
}
