namespace PruneNotebooks.Models.Tokenization;

/// <summary>A part of a text that becomes tokens of its own.</summary>
/// <param name="Text">The part as it is now, perhaps rewritten.</param>
/// <param name="IsFirst">Whether it is the beginning of the whole text.</param>
readonly record struct Piece(string Text, bool IsFirst);

/// <summary>Cuts a piece into smaller ones, and may rewrite them.</summary>
delegate IEnumerable<Piece> PreTokenizer(Piece piece);

/// <summary>The section <c>pre_tokenizer</c> of tokenizer.json: how a text is cut into words, beyond which no token reaches.</summary>
static class PreTokenizers
{
    /// <summary>Contractions, words, numbers and runs of signs, each with the blank before it; other white space (GPT-2).</summary>
    const string Gpt2Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static PreTokenizer Read(ConfigFields? fields) => fields is null ? piece => [piece] : fields.Text("type") switch
    {
        "Sequence" => Sequence(fields.Sections("pretokenizers") ?? throw fields.Wrong("pretokenizers", "a list of pre-tokenizers")),
        "WhitespaceSplit" => Split(TextPattern.Each(Characters.IsWhitespace), SplitBehaviour.Removed),
        "Whitespace" => Split(TextPattern.Regex(new(@"\w+|[^\w\s]+")), SplitBehaviour.Removed, invert: true),
        "BertPreTokenizer" => Sequence(
            Split(TextPattern.Each(Characters.IsWhitespace), SplitBehaviour.Removed),
            Split(TextPattern.Each(Characters.IsPunctuation), SplitBehaviour.Isolated)),
        "Punctuation" => Split(TextPattern.Each(Characters.IsPunctuation), SplitBehaviours.Read(fields, SplitBehaviour.Isolated)),
        "Digits" => Split(
            TextPattern.Each(Characters.IsNumeric),
            fields.Flag("individual_digits") ?? false ? SplitBehaviour.Isolated : SplitBehaviour.Contiguous),
        "Split" => Split(TextPattern.Read(fields, "pattern"), SplitBehaviours.Read(fields), fields.Flag("invert") ?? false),
        "ByteLevel" => ByteLevel(fields.Flag("add_prefix_space") ?? true, fields.Flag("use_regex") ?? true),
        "Metaspace" => Metaspace(fields),
        _ => throw fields.Unsupported(
            "type", "Sequence, WhitespaceSplit, Whitespace, BertPreTokenizer, Punctuation, Digits, Split, ByteLevel, Metaspace"),
    };

    static PreTokenizer Sequence(IReadOnlyList<ConfigFields> parts) => Sequence([.. parts.Select(Read)]);

    static PreTokenizer Sequence(params PreTokenizer[] steps) =>
        piece => steps.Aggregate((IEnumerable<Piece>)[piece], (pieces, step) => pieces.SelectMany(p => step(p)));

    static PreTokenizer Split(TextPattern pattern, SplitBehaviour behaviour, bool invert = false) => piece =>
        from range in SplitBehaviours.Split(piece.Text, pattern, behaviour, invert)
        select new Piece(piece.Text[range], piece.IsFirst && range.Start.Value == 0);

    static PreTokenizer ByteLevel(bool addPrefixSpace, bool useRegex)
    {
        var words = useRegex ? Split(TextPattern.Regex(new(Gpt2Words)), SplitBehaviour.Isolated) : piece => [piece];
        return piece =>
        {
            bool prefix = addPrefixSpace && piece.Text.Length > 0 && piece.Text[0] != ' ';
            return from word in words(prefix ? piece with { Text = " " + piece.Text } : piece)
                   select word with { Text = ByteAlphabet.Encode(word.Text) };
        };
    }

    static PreTokenizer Metaspace(ConfigFields fields)
    {
        string sign = fields.Text("replacement") ?? "▁";
        string formerly = fields.Flag("add_prefix_space") == false ? "never" : "always";
        string prepend = fields.OneOf("prepend_scheme", absent: formerly, "always", "first", "never");
        var split = fields.Flag("split") ?? true ? Split(TextPattern.Literal(sign), SplitBehaviour.MergedWithNext) : piece => [piece];
        return piece =>
        {
            string text = piece.Text.Replace(" ", sign, StringComparison.Ordinal);
            bool lacksSign = text.Length > 0 && !text.StartsWith(sign, StringComparison.Ordinal);
            bool add = lacksSign && (prepend == "always" || (prepend == "first" && piece.IsFirst));
            return split(piece with { Text = add ? sign + text : text });
        };
    }
}
