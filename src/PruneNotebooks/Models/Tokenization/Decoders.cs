using System.Globalization;
using System.Text;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>Rewrites the texts of tokens on the way back to text; what is left is joined.</summary>
delegate IEnumerable<string> Decoder(IEnumerable<string> tokens);

/// <summary>The section <c>decoder</c> of tokenizer.json.</summary>
static class Decoders
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static Decoder Read(ConfigFields? fields) => fields is null ? tokens => [string.Join(' ', tokens)] : fields.Text("type") switch
    {
        "Sequence" => Sequence(fields.Sections("decoders") ?? throw fields.Wrong("decoders", "a list of decoders")),
        "Replace" => Replace(TextPattern.Read(fields, "pattern"), fields.Text("content") ?? throw fields.Wrong("content", "a text")),
        "ByteFallback" => ByteFallback,
        "ByteLevel" => tokens => [Encoding.UTF8.GetString([.. tokens.SelectMany(ByteAlphabet.Decode)])],
        "Fuse" => tokens => [string.Concat(tokens)],
        "Strip" => Strip(Character(fields, "content"), fields.Whole("start") ?? 0, fields.Whole("stop") ?? 0),
        "Metaspace" => Metaspace(fields),
        "WordPiece" => WordPiece(fields.Text("prefix") ?? "##", fields.Flag("cleanup") ?? true),
        "BPEDecoder" => WordEnds(fields.Text("suffix") ?? "</w>"),
        _ => throw fields.Unsupported("type", "Sequence, Replace, ByteFallback, ByteLevel, Fuse, Strip, Metaspace, WordPiece, BPEDecoder"),
    };

    static Decoder Sequence(IReadOnlyList<ConfigFields> parts)
    {
        Decoder[] steps = [.. parts.Select(Read)];
        return tokens => steps.Aggregate(tokens, (current, step) => step(current));
    }

    static Decoder Replace(TextPattern pattern, string content) => tokens => tokens.Select(token => pattern.Replace(token, content));

    /// <summary>Runs of tokens such as <c>&lt;0xE7&gt;</c> become the text whose bytes they are, or a U+FFFD for each.</summary>
    static IEnumerable<string> ByteFallback(IEnumerable<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            if (ByteOf(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }
            yield return Flush(bytes);
            yield return token;
        }
        yield return Flush(bytes);
    }

    static byte? ByteOf(string token) => token is ['<', '0', 'x', _, _, '>']
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : null;

    static string Flush(List<byte> bytes)
    {
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return new('\uFFFD', bytes.Count);
        }
        finally
        {
            bytes.Clear();
        }
    }

    /// <summary>Takes up to that many characters away from the beginning and the end of each token.</summary>
    static Decoder Strip(char character, int start, int stop) => tokens => tokens.Select(token =>
    {
        int from = 0, to = token.Length;
        while (from < token.Length && from < start && token[from] == character)
            from++;
        while (to > from && token.Length - to < stop && token[to - 1] == character)
            to--;
        return token[from..to];
    });

    static Decoder Metaspace(ConfigFields fields)
    {
        string sign = fields.Text("replacement") ?? "▁";
        bool prepended = fields.Text("prepend_scheme") != "never" && fields.Flag("add_prefix_space") != false;
        return tokens => tokens.Select((token, i) => token.Replace(sign, i == 0 && prepended ? "" : " ", StringComparison.Ordinal));
    }

    static Decoder WordPiece(string prefix, bool cleanup) => tokens => tokens.Select((token, i) =>
    {
        string text = i == 0 ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanup ? Cleanup.Tidy(text) : text;
    });

    static Decoder WordEnds(string suffix) => tokens =>
    {
        var all = tokens.ToList();
        return all.Select((token, i) => token.Replace(suffix, i == all.Count - 1 ? "" : " ", StringComparison.Ordinal));
    };

    static char Character(ConfigFields fields, string name) =>
        fields.Text(name) is [var character] ? character : throw fields.Wrong(name, "one character");
}

/// <summary>Takes away the blanks that cutting English into words leaves before punctuation and contractions.</summary>
static class Cleanup
{
    static readonly (string From, string To)[] Rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"),
        (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>What <c>clean_up_tokenization_spaces</c> asks for; also what a WordPiece decoder does to each token.</summary>
    public static string Tidy(string text) =>
        Rules.Aggregate(text, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal));
}
