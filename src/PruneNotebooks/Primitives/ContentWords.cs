using System.Globalization;
using System.Text;

namespace PruneNotebooks.Primitives;

/// <summary>The words of a question that say what it is about.</summary>
/// <remarks><i>MMTok</i>, arXiv 2508.18264: the filter of the authors' code; the paper does not speak of it. Words are judged by code points, so that no writing system is cut in the middle of a character.</remarks>
public static class ContentWords
{
    // How two benchmarks ask for a form of answer: not what the question is about.
    static readonly string[] Instructions =
    [
        "Answer the question using a single word or phrase.",
        "Answer with the option's letter from the given choices directly.",
    ];

    static readonly HashSet<string> Function =
    [
        .. "a an the is are was were be been being have has had do does did it they he she we you i what where when why how who which and or but so if then question answer to for with by from at into onto upon".Split(' '),
    ];

    /// <summary>The content words of a question, one space between them, in their own case; letters, digits (all of Unicode's categories L and N) and underscores make words.</summary>
    /// <param name="question">The question, without image placeholder.</param>
    /// <returns>The words; if none is left, the question without the instructions on how to answer.</returns>
    public static string Of(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        string text = Instructions.Aggregate(question, static (rest, instruction) => rest.Replace(instruction, "", StringComparison.Ordinal));
        string words = string.Join(' ', Words(text).Where(word => !Function.Contains(word.ToLowerInvariant())));
        return words.Length > 0 ? words : text;
    }

    static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (InWord(rune))
            {
                word.Append(rune);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0) yield return word.ToString();
    }

    static bool InWord(Rune rune) => rune.Value == '_' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
