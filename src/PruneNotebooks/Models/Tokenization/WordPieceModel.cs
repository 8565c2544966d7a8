namespace PruneNotebooks.Models.Tokenization;

/// <summary>WordPiece (Schuster and Nakajima 2012, as in BERT): from the left, always the longest token that fits.</summary>
sealed class WordPieceModel(Dictionary<string, int> vocabulary, int unknown, string continuation, int longestWord) : ISubwordModel
{
    public static WordPieceModel Read(ConfigFields fields, Dictionary<string, int> vocabulary) => new(
        vocabulary,
        SubwordModels.UnknownToken(fields, vocabulary) ?? throw fields.Wrong("unk_token", "a token of the vocabulary"),
        fields.Text("continuing_subword_prefix") ?? "##",
        fields.Size("max_input_chars_per_word") ?? 100);

    public void Tokenize(string word, List<int> ids)
    {
        int before = ids.Count;
        bool known = word.EnumerateRunes().Count() <= longestWord;
        for (int start = 0, end = word.Length; known && start < word.Length; start = end, end = word.Length)
            known = AddLongest(word, start, ref end, ids);
        if (known)
            return;
        ids.RemoveRange(before, ids.Count - before); // one part unknown makes the whole word unknown
        ids.Add(unknown);
    }

    /// <summary>Moves <paramref name="end"/> to where the longest token from <paramref name="start"/> on ends.</summary>
    bool AddLongest(string word, int start, ref int end, List<int> ids)
    {
        for (; end > start; end--)
        {
            string part = word[start..end];
            if (vocabulary.TryGetValue(start == 0 ? part : continuation + part, out int id))
            {
                ids.Add(id);
                return true;
            }
        }
        return false;
    }
}
