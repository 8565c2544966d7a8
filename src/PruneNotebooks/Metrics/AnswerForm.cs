using System.Globalization;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Metrics;

/// <summary>What answers look like, and so when a model's words count as the right one.</summary>
public enum AnswerForm
{
    /// <summary>Word for word.</summary>
    Exact,

    /// <summary>The letter of an option, A to J: "B", "B.", "(B)", "B) a dog", "The answer is B."</summary>
    Letter,

    /// <summary>A number, in digits or as a word from zero to twenty: "3", "3.0", "three", "there are 3 dogs", "1,240".</summary>
    Number,

    /// <summary>Yes or no, whatever follows: "Yes, there is."</summary>
    YesNo,

    /// <summary>The same words: capitals, punctuation around words and an article before a word do not matter ("A dog." is "dog").</summary>
    SoftString,
}

/// <summary>Chooses the form of answers and compares by it.</summary>
public static partial class AnswerForms
{
    static readonly string[] NumberWords =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    static readonly char[] Punctuation = [.. ".,;:!?\"'()[]{}`*…“”‘’"];

    /// <summary>The narrowest form that fits all right answers; <see cref="AnswerForm.SoftString"/> fits any.</summary>
    /// <param name="answers">The right answers.</param>
    public static AnswerForm Of(IEnumerable<string> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        string[] all = [.. answers.Select(answer => answer.Trim())];
        return all.All(answer => OptionLetter().IsMatch(answer)) ? AnswerForm.Letter
            : all.All(answer => WholeNumber().IsMatch(answer)) ? AnswerForm.Number
            : all.All(answer => Plain(answer) is "yes" or "no") ? AnswerForm.YesNo
            : AnswerForm.SoftString;
    }

    /// <summary>The form by kind of question.</summary>
    public static IReadOnlyDictionary<string, AnswerForm> ByCategory(IEnumerable<Probe> probes) =>
        probes.GroupBy(probe => probe.Category).ToDictionary(kind => kind.Key, kind => Of(kind.Select(probe => probe.Answer)));

    /// <summary>Whether what a model said is the right answer. What cannot be read in the form is wrong.</summary>
    /// <param name="form">The form of the right answer.</param>
    /// <param name="given">What the model said.</param>
    /// <param name="expected">The right answer.</param>
    public static bool IsRight(this AnswerForm form, string given, string expected)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(expected);
        return form switch
        {
            AnswerForm.Exact => given == expected,
            AnswerForm.Letter => LetterIn(given) is { } letter && letter == LetterIn(expected),
            AnswerForm.Number => NumberIn(given) is { } number && NumberIn(expected) is { } right && Math.Abs(number - right) <= 1e-6 * Math.Max(1, Math.Abs(right)),
            AnswerForm.YesNo => Plain(given).Split(' ')[0] == Plain(expected),
            _ => Plain(given) == Plain(expected),
        };
    }

    /// <summary>The form in words: "soft string".</summary>
    public static string InWords(this AnswerForm form) => form switch { AnswerForm.YesNo => "yes or no", AnswerForm.SoftString => "soft string", _ => $"{form}".ToLowerInvariant() };

    static char? LetterIn(string text)
    {
        var match = LeadingLetter().Match(Conclusion(text));
        if (!match.Success) match = BracketedLetter().Match(text);
        return match.Success ? char.ToUpperInvariant(match.Groups[1].Value[0]) : null;
    }

    static double? NumberIn(string text)
    {
        string conclusion = Conclusion(text);
        if (Digits().Match(conclusion) is { Success: true } match) return double.Parse(match.Value.Replace(",", ""), CultureInfo.InvariantCulture);
        int word = conclusion.ToLowerInvariant().Split(' ').Select(part => Array.IndexOf(NumberWords, part.Trim(Punctuation))).FirstOrDefault(index => index >= 0, -1);
        return word >= 0 ? word : null;
    }

    /// <summary>What follows "the answer is", if that is said.</summary>
    static string Conclusion(string text) => AnswerIs().Match(text) is { Success: true } said ? text[(said.Index + said.Length)..] : text;

    static string Plain(string text)
    {
        string[] words = [.. text.ToLowerInvariant().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(Punctuation)).Where(word => word.Length > 0)];
        // "a" may also be a letter that was read: an article has a word behind it.
        return string.Join(' ', words.Where((word, i) => word is not ("a" or "an" or "the") || i + 1 == words.Length || words[i + 1].Length == 1));
    }

    [GeneratedRegex("^[A-J]$")]
    private static partial Regex OptionLetter();

    [GeneratedRegex(@"^[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"(?<![\w.])[-+]?(\d{1,3}(,\d{3})+(?!\d)|\d+)(\.\d+)?")]
    private static partial Regex Digits();

    // Alone, or with a mark behind it: "A dog" names no option.
    [GeneratedRegex(@"^\W*([A-Ja-j])(\s*[.:,;)\]]|\W*$)")]
    private static partial Regex LeadingLetter();

    [GeneratedRegex(@"\(([A-J])\)")]
    private static partial Regex BracketedLetter();

    [GeneratedRegex(@"\b(?:answer|option)\s*(?:is|:)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex AnswerIs();
}
