using System.Globalization;
using System.Text;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>The kinds of characters that tokenizer files speak of. A character is a Unicode code point, never half of one.</summary>
static class Characters
{
    public static bool IsWhitespace(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>Decimal digits, letter numbers such as Ⅷ, and other numbers such as ½.</summary>
    public static bool IsNumeric(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Punctuation, and of ASCII the symbols too, such as $ and +.</summary>
    public static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));

    /// <summary>What a word is made of, for tokens that match whole words only.</summary>
    public static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Invisible characters, other than tab and line ends.</summary>
    public static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>Han ideographs (not kana or hangul), which BERT takes for words of their own.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>The text with U+FFFD in place of every half of a character.</summary>
    public static string WellFormed(string text)
    {
        for (int i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                return Map(text, rune => rune.ToString());
        }
        return text;
    }

    /// <summary>The text with each character replaced by what <paramref name="change"/> makes of it.</summary>
    public static string Map(string text, Func<Rune, string> change)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(change(rune));
        return result.ToString();
    }
}
