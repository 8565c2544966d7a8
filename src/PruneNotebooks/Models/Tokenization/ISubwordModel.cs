using System.Text.Json;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>The section <c>model</c> of tokenizer.json: turns one word into token ids.</summary>
interface ISubwordModel
{
    /// <summary>Appends the tokens of that word.</summary>
    void Tokenize(string word, List<int> ids);
}

static class SubwordModels
{
    /// <summary>The model, and the vocabulary that it uses.</summary>
    public static (ISubwordModel Model, Dictionary<string, int> Vocabulary) Read(ConfigFields fields)
    {
        // Old files leave the type out.
        string type = fields.OneOf("type", absent: fields.Has("merges") ? "BPE" : "WordLevel", "BPE", "WordPiece", "WordLevel");
        var vocabulary = ReadVocabulary(fields.Section("vocab") ?? throw fields.Wrong("vocab", "an object of tokens and ids"));
        return type switch
        {
            "BPE" => (BytePairModel.Read(fields, vocabulary), vocabulary),
            "WordPiece" => (WordPieceModel.Read(fields, vocabulary), vocabulary),
            _ => (new WordLevelModel(vocabulary, UnknownToken(fields, vocabulary)), vocabulary),
        };
    }

    /// <summary>The id of <c>unk_token</c>; none if there is no such field.</summary>
    public static int? UnknownToken(ConfigFields fields, Dictionary<string, int> vocabulary) => fields.Text("unk_token") is not { } token
        ? null
        : vocabulary.TryGetValue(token, out int id) ? id : throw fields.Wrong("unk_token", "a token of the vocabulary");

    static Dictionary<string, int> ReadVocabulary(ConfigFields vocab)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, value) in vocab.Entries())
        {
            bool isId = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id >= 0;
            ids[token] = isId ? value.GetInt32() : throw vocab.Wrong(token, "a token id");
        }
        return ids;
    }
}

/// <summary>Every word is a token, or unknown.</summary>
sealed class WordLevelModel(Dictionary<string, int> vocabulary, int? unknown) : ISubwordModel
{
    public void Tokenize(string word, List<int> ids)
    {
        if (vocabulary.TryGetValue(word, out int id))
            ids.Add(id);
        else if (unknown is { } unknownId)
            ids.Add(unknownId);
    }
}
