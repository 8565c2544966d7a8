namespace PruneNotebooks.Models.Tokenization;

/// <summary>Text to token ids and back, as tokenizer.json of a model folder says. Safe to use from several threads.</summary>
/// <remarks>
/// A text is cut at added tokens such as <c>&lt;image&gt;</c>; what lies between is normalized, cut into words, and the words are cut into
/// tokens; special tokens are put around it all. Ids and decoded texts are those of the reference implementation (Hugging Face tokenizers).
/// Halves of characters (lone surrogates) count as U+FFFD.
/// </remarks>
public sealed class Tokenizer
{
    readonly Func<string, string> _normalize;
    readonly PreTokenizer _cut;
    readonly ISubwordModel _model;
    readonly Func<List<int>, List<int>> _addSpecialTokens;
    readonly Decoder _decode;
    readonly bool _tidy;
    readonly Dictionary<string, int> _ids;
    readonly Dictionary<int, string> _tokens = [];
    readonly HashSet<int> _special;
    readonly AddedTokens _addedToText, _addedToNormalizedText;

    Tokenizer(ConfigFields file, ConfigFields? config)
    {
        _normalize = Normalizers.Read(file.Section("normalizer"));
        _cut = PreTokenizers.Read(file.Section("pre_tokenizer"));
        (_model, _ids) = SubwordModels.Read(file.Section("model") ?? throw file.Wrong("model", "an object"));
        _addSpecialTokens = PostProcessors.Read(file.Section("post_processor"));
        _decode = Decoders.Read(file.Section("decoder"));
        _tidy = config?.Flag("clean_up_tokenization_spaces") ?? false;

        var added = ReadAddedTokens(file, config);
        _special = [.. added.Where(token => token.IsSpecial).Select(token => token.Id)];
        _addedToText = new(added.Where(token => !token.Normalized), content => content);
        _addedToNormalizedText = new(added.Where(token => token.Normalized), _normalize);
        foreach (var (token, id) in _ids)
            _tokens[id] = token;
        _ids = new(_ids, StringComparer.Ordinal); // the model must not see added tokens as words
        foreach (var token in added)
            _tokens[_ids[token.Content] = token.Id] = token.Content;
    }

    /// <summary>Reads tokenizer.json, and tokenizer_config.json if it is there.</summary>
    /// <param name="folder">A model folder in the Hugging Face layout.</param>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer.json.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names file and field.</exception>
    /// <exception cref="NotSupportedException">A field asks for something that is not supported.</exception>
    public static Tokenizer Load(string folder)
    {
        string config = Path.Combine(folder, "tokenizer_config.json");
        return new(ConfigFields.Open(Path.Combine(folder, "tokenizer.json")), File.Exists(config) ? ConfigFields.Open(config) : null);
    }

    static List<AddedToken> ReadAddedTokens(ConfigFields file, ConfigFields? config)
    {
        var added = new List<AddedToken>();
        foreach (var token in file.Sections("added_tokens") ?? [])
            added.Add(AddedToken.Read(token, token.Whole("id") is >= 0 and { } id ? id : throw token.Wrong("id", "a token id")));
        // Older folders list some in the configuration only.
        var more = config?.SectionOrEmpty("added_tokens_decoder");
        foreach (var (key, _) in more?.Entries() ?? [])
        {
            int id = int.TryParse(key, out int value) && value >= 0 ? value : throw more!.Wrong(key, "a token id as its name");
            if (added.All(token => token.Id != id))
                added.Add(AddedToken.Read(more!.Section(key)!, id));
        }
        return added;
    }

    /// <summary>Number of different tokens, added ones included.</summary>
    public int VocabularySize => _tokens.Count;

    /// <summary>The id of a token by its text in the vocabulary; none if there is no such token.</summary>
    public long? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    /// <summary>The text of a token in the vocabulary: <c>▁the</c>, <c>Ġthe</c>, <c>##ing</c>, <c>&lt;0x0A&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no token of that id.</exception>
    public string TokenOf(long id) => Find(id) ?? throw new ArgumentOutOfRangeException(
        nameof(id), id, $"No token has this id; there are {VocabularySize} tokens, the highest id is {_tokens.Keys.Max()}.");

    string? Find(long id) => id is >= 0 and <= int.MaxValue ? _tokens.GetValueOrDefault((int)id) : null;

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">Any text; added tokens in it (<c>&lt;image&gt;</c>, <c>&lt;/s&gt;</c>) count as such.</param>
    /// <param name="addSpecialTokens">Whether to put the special tokens around it that the model expects, such as <c>&lt;s&gt;</c>.</param>
    public long[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = Characters.WellFormed(text);
        var ids = new List<int>(text.Length / 3 + 8);
        foreach (var (token, range) in _addedToText.Split(text))
        {
            if (token is not null)
                ids.Add(token.Id);
            else
                EncodeBetween(text[range], isFirst: range.Start.Value == 0, ids);
        }
        return [.. (addSpecialTokens ? _addSpecialTokens(ids) : ids).Select(id => (long)id)];
    }

    void EncodeBetween(string text, bool isFirst, List<int> ids)
    {
        string normalized = _normalize(text);
        foreach (var (token, range) in _addedToNormalizedText.Split(normalized))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }
            foreach (var word in _cut(new(normalized[range], isFirst && range.Start.Value == 0)))
                _model.Tokenize(word.Text, ids);
        }
    }

    /// <summary>The text of some tokens. Ids that no token has (models may have spare ones) are left out, as in the reference.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Whether to leave out special tokens such as <c>&lt;s&gt;</c>.</param>
    public string Decode(IEnumerable<long> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var tokens = from id in ids
                     let token = Find(id)
                     where token is not null && !(skipSpecialTokens && _special.Contains((int)id))
                     select token;
        string text = string.Concat(_decode(tokens));
        return _tidy ? Cleanup.Tidy(text) : text;
    }
}
