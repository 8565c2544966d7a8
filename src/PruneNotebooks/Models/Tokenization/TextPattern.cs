using System.Text;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>What a normalizer, pre-tokenizer or decoder looks for: a text, a regular expression, or a kind of character.</summary>
/// <param name="find">Where it occurs in a text, from left to right.</param>
sealed class TextPattern(Func<string, IEnumerable<Range>> find)
{
    /// <summary>Every single character of that kind.</summary>
    public static TextPattern Each(Func<Rune, bool> kind) => new(text => EachIn(text, kind));

    public static TextPattern Literal(string literal) => new(text => LiteralsIn(text, literal));

    public static TextPattern Regex(UnicodeRegex regex) => new(regex.Matches);

    /// <summary>Reads <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
    public static TextPattern Read(ConfigFields fields, string name)
    {
        if (!fields.IsObject(name))
            throw fields.Wrong(name, """{"String": ...} or {"Regex": ...}""");
        var pattern = fields.SectionOrEmpty(name);
        if (pattern.Text("String") is { } literal)
            return Literal(literal);
        string regex = pattern.Text("Regex") ?? throw fields.Wrong(name, """{"String": ...} or {"Regex": ...}""");
        try
        {
            return Regex(new UnicodeRegex(regex));
        }
        catch (ArgumentException)
        {
            throw pattern.Wrong("Regex", "a regular expression that .NET understands");
        }
    }

    public IEnumerable<Range> Find(string text) => find(text);

    public string Replace(string text, string replacement)
    {
        var result = new StringBuilder(text.Length);
        int end = 0;
        foreach (var match in find(text))
        {
            result.Append(text, end, match.Start.Value - end).Append(replacement);
            end = match.End.Value;
        }
        return end == 0 && result.Length == 0 ? text : result.Append(text, end, text.Length - end).ToString();
    }

    static IEnumerable<Range> EachIn(string text, Func<Rune, bool> kind)
    {
        int start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int end = start + rune.Utf16SequenceLength;
            if (kind(rune))
                yield return start..end;
            start = end;
        }
    }

    static IEnumerable<Range> LiteralsIn(string text, string literal)
    {
        for (int start = 0; literal.Length > 0; start += literal.Length)
        {
            start = text.IndexOf(literal, start, StringComparison.Ordinal);
            if (start < 0)
                yield break;
            yield return start..(start + literal.Length);
        }
    }
}
