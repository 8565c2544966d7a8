using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>A regular expression over Unicode characters, as tokenizer files mean it.</summary>
/// <remarks>
/// .NET matches UTF-16 code units, so that <c>\p{L}</c> misses letters beyond U+FFFF. Here such characters are exchanged for single code
/// units of the same category before matching, and matches are mapped back.
/// </remarks>
sealed class UnicodeRegex(string pattern)
{
    readonly Regex _regex = new(pattern, RegexOptions.CultureInvariant);

    /// <summary>One code unit for each Unicode category; which one does not matter, as patterns name only categories and ASCII.</summary>
    static readonly Lazy<Dictionary<UnicodeCategory, char>> StandIns = new(() =>
    {
        var standIns = new Dictionary<UnicodeCategory, char>();
        for (char c = '\u0100'; c < '\uFFFF'; c++)
            standIns[char.GetUnicodeCategory(c)] = c;
        return standIns;
    });

    /// <summary>Where the pattern matches, from left to right.</summary>
    public IEnumerable<Range> Matches(string text)
    {
        int[]? starts = null;
        string matched = text;
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
            (matched, starts) = Fold(text);
        for (var match = _regex.Match(matched); match.Success; match = match.NextMatch())
        {
            int start = match.Index, end = match.Index + match.Length;
            yield return starts is null ? start..end : starts[start]..starts[end];
        }
    }

    /// <summary>One code unit per character, and where in <paramref name="text"/> each of them starts, the end being the last.</summary>
    static (string Folded, int[] Starts) Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length + 1);
        int start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            starts.Add(start);
            folded.Append(rune.IsBmp ? (char)rune.Value : StandIns.Value[Rune.GetUnicodeCategory(rune)]);
            start += rune.Utf16SequenceLength;
        }
        starts.Add(start);
        return (folded.ToString(), [.. starts]);
    }
}
