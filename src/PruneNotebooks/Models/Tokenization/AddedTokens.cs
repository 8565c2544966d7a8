using System.Buffers;
using System.Text;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>A token that is found in the text before anything else happens, such as <c>&lt;image&gt;</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether decoding may leave it out.</param>
/// <param name="Normalized">Whether it is looked for in the normalized text.</param>
/// <param name="StripsLeft">Whether it swallows white space before it.</param>
/// <param name="StripsRight">Whether it swallows white space after it.</param>
/// <param name="SingleWord">Whether it counts only where no letter or digit touches it.</param>
sealed record AddedToken(int Id, string Content, bool IsSpecial, bool Normalized, bool StripsLeft, bool StripsRight, bool SingleWord)
{
    public static AddedToken Read(ConfigFields fields, int id) => new(
        id,
        fields.Text("content") ?? throw fields.Wrong("content", "a text"),
        fields.Flag("special") ?? false,
        fields.Flag("normalized") ?? false,
        fields.Flag("lstrip") ?? false,
        fields.Flag("rstrip") ?? false,
        fields.Flag("single_word") ?? false);
}

/// <summary>Finds added tokens in a text: the leftmost first, the longest among those that start at one place.</summary>
sealed class AddedTokens
{
    readonly Dictionary<char, (string Text, AddedToken Token)[]> _byFirstChar;
    readonly SearchValues<char> _firstChars;

    /// <param name="tokens">The tokens.</param>
    /// <param name="spelling">How the text of a token reads in the texts that are searched.</param>
    public AddedTokens(IEnumerable<AddedToken> tokens, Func<string, string> spelling)
    {
        _byFirstChar = tokens.Select(token => (Text: spelling(token.Content), Token: token))
            .Where(entry => entry.Text.Length > 0)
            .GroupBy(entry => entry.Text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Text.Length).ToArray());
        _firstChars = SearchValues.Create([.. _byFirstChar.Keys]);
    }

    /// <summary>The text cut at the tokens: either the token, or the range of the text between two of them.</summary>
    public IEnumerable<(AddedToken? Token, Range Range)> Split(string text)
    {
        int done = 0, from = 0;
        while (Next(text, from) is var (token, start, end))
        {
            from = end;
            if (token.SingleWord && (TouchesWord(text[..start], last: true) || TouchesWord(text[end..], last: false)))
                continue;
            if (token.StripsLeft)
                start = text.AsSpan(0, start).TrimEnd().Length;
            if (token.StripsRight)
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            start = Math.Max(start, done);
            if (start > done)
                yield return (null, done..start);
            yield return (token, start..end);
            done = from = end;
        }
        if (done < text.Length)
            yield return (null, done..text.Length);
    }

    (AddedToken Token, int Start, int End)? Next(string text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            int jump = text.AsSpan(i).IndexOfAny(_firstChars);
            if (jump < 0)
                break;
            i += jump;
            foreach (var (spelling, token) in _byFirstChar[text[i]])
            {
                if (string.CompareOrdinal(text, i, spelling, 0, spelling.Length) == 0)
                    return (token, i, i + spelling.Length);
            }
        }
        return null;
    }

    static bool TouchesWord(string side, bool last)
    {
        var status = last ? Rune.DecodeLastFromUtf16(side, out var rune, out _) : Rune.DecodeFromUtf16(side, out rune, out _);
        return status == OperationStatus.Done && Characters.IsWord(rune);
    }
}
