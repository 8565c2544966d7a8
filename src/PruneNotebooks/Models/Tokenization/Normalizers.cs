using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>The section <c>normalizer</c> of tokenizer.json: how a text is rewritten before it is cut into words.</summary>
static class Normalizers
{
    public static Func<string, string> Read(ConfigFields? fields) => fields is null ? text => text : fields.Text("type") switch
    {
        "Sequence" => Sequence(fields.Sections("normalizers") ?? throw fields.Wrong("normalizers", "a list of normalizers")),
        "Prepend" => Prepend(fields.Text("prepend") ?? throw fields.Wrong("prepend", "a text")),
        "Replace" => Replace(TextPattern.Read(fields, "pattern"), fields.Text("content") ?? throw fields.Wrong("content", "a text")),
        "NFC" => Compose,
        "NFD" => Decompose,
        "Lowercase" => Lowercase,
        "Strip" => Strip(fields.Flag("strip_left") ?? true, fields.Flag("strip_right") ?? true),
        "StripAccents" => StripMarks,
        "BertNormalizer" => Bert(fields),
        _ => throw fields.Unsupported("type", "Sequence, Prepend, Replace, NFC, NFD, Lowercase, Strip, StripAccents, BertNormalizer"),
    };

    static Func<string, string> Sequence(IReadOnlyList<ConfigFields> parts)
    {
        Func<string, string>[] steps = [.. parts.Select(Read)];
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    static Func<string, string> Replace(TextPattern pattern, string content) => text => pattern.Replace(text, content);

    // string.Normalize does nothing, silently, in programs that run without ICU (invariant globalization); ids must not depend on that.
    // Characters below U+0300 have no composition, those below U+00C0 no decomposition: most texts are spared the table.
    static string Compose(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF') < 0 ? text : ENSNormalize.NF.NFC(text);

    static string Decompose(string text) => text.AsSpan().IndexOfAnyExceptInRange('\0', '\u00BF') < 0 ? text : ENSNormalize.NF.NFD(text);

    // The only character whose lower case is two characters.
    static string Lowercase(string text) =>
        Characters.Map(text, rune => rune.Value == 'İ' ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString());

    static Func<string, string> Strip(bool left, bool right) => text => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    static string StripMarks(string text) =>
        Characters.Map(text, rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? "" : rune.ToString());

    static string Clean(Rune rune) =>
        rune.Value is 0 or 0xFFFD || Characters.IsControl(rune) ? "" : Characters.IsWhitespace(rune) ? " " : rune.ToString();

    static Func<string, string> Bert(ConfigFields fields)
    {
        bool clean = fields.Flag("clean_text") ?? true, ideographs = fields.Flag("handle_chinese_chars") ?? true;
        bool lowercase = fields.Flag("lowercase") ?? true, accents = fields.Flag("strip_accents") ?? lowercase;
        return text =>
        {
            if (clean)
                text = Characters.Map(text, Clean);
            if (ideographs)
                text = Characters.Map(text, rune => Characters.IsIdeograph(rune) ? $" {rune} " : rune.ToString());
            if (accents)
                text = StripMarks(Decompose(text));
            return lowercase ? Lowercase(text) : text;
        };
    }
}
