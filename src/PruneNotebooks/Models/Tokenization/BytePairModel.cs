using System.Text;
using System.Text.Json;

namespace PruneNotebooks.Models.Tokenization;

/// <summary>Byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909): from single characters on, the pair learned first merges.</summary>
/// <remarks>
/// O(n log n) in the length of the word, as some models cut no words and pass whole texts. Characters that the vocabulary lacks become
/// their UTF-8 bytes (<c>byte_fallback</c>), the unknown token, or nothing.
/// </remarks>
sealed class BytePairModel : ISubwordModel
{
    readonly Dictionary<string, int> _vocabulary;
    readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges;
    readonly int? _unknown;
    readonly bool _fuseUnknown, _wholeWordsFirst;
    readonly int[]? _bytes;
    readonly string _continuation, _wordEnd;

    BytePairModel(ConfigFields fields, Dictionary<string, int> vocabulary)
    {
        _vocabulary = vocabulary;
        _unknown = SubwordModels.UnknownToken(fields, vocabulary);
        _fuseUnknown = fields.Flag("fuse_unk") ?? false;
        _wholeWordsFirst = fields.Flag("ignore_merges") ?? false;
        _bytes = fields.Flag("byte_fallback") ?? false ? ByteTokens(vocabulary) : null;
        _continuation = fields.Text("continuing_subword_prefix") ?? "";
        _wordEnd = fields.Text("end_of_word_suffix") ?? "";
        _merges = ReadMerges(fields, vocabulary, _continuation.Length);
    }

    public static BytePairModel Read(ConfigFields fields, Dictionary<string, int> vocabulary)
    {
        if (fields.Positive("dropout") is not null)
            throw fields.Unsupported("dropout", "none");
        return new(fields, vocabulary);
    }

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, -1 where one is missing.</summary>
    static int[] ByteTokens(Dictionary<string, int> vocabulary) =>
        [.. Enumerable.Range(0, 256).Select(b => vocabulary.GetValueOrDefault($"<0x{b:X2}>", -1))];

    static Dictionary<(int, int), (int, int)> ReadMerges(ConfigFields fields, Dictionary<string, int> vocabulary, int prefix)
    {
        var merges = new Dictionary<(int, int), (int, int)>();
        int rank = 0;
        foreach (var item in fields.Items("merges") ?? throw fields.Wrong("merges", "a list of pairs"))
        {
            if (PairIn(item) is not var (left, right)
                || !vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(left + (right.Length > prefix ? right[prefix..] : ""), out int merged))
            {
                throw fields.Wrong($"merges[{rank}]", "two tokens of the vocabulary which together are a third, not " + item.GetRawText());
            }
            merges[(leftId, rightId)] = (rank++, merged);
        }
        return merges;
    }

    /// <summary>A merge is written <c>"a b"</c> or <c>["a", "b"]</c>.</summary>
    static (string Left, string Right)? PairIn(JsonElement merge)
    {
        string?[]? parts = merge.ValueKind switch
        {
            JsonValueKind.String => (string?[]?)ConfigFields.Unicode(merge)?.Split(' '),
            JsonValueKind.Array when merge.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
                [.. merge.EnumerateArray().Select(ConfigFields.Unicode)],
            _ => null,
        };
        return parts is [{ } left, { } right] ? (left, right) : null;
    }

    public void Tokenize(string word, List<int> ids)
    {
        if (_wholeWordsFirst && _vocabulary.TryGetValue(word, out int whole))
            ids.Add(whole);
        else
            Merge(Symbols(word), ids);
    }

    /// <summary>The tokens of the single characters.</summary>
    List<int> Symbols(string word)
    {
        var symbols = new List<int>(word.Length);
        var tokens = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        bool pendingUnknown = false; // kept back, so that a run of unknown characters can become one token
        for (int start = 0, end; start < word.Length; start = end)
        {
            end = start + (char.IsHighSurrogate(word[start]) ? 2 : 1);
            var character = Decorate(word, start, end);
            if (tokens.TryGetValue(character, out int id))
            {
                if (pendingUnknown)
                    symbols.Add(_unknown!.Value);
                pendingUnknown = false;
                symbols.Add(id);
            }
            else if (!AddBytes(character, symbols) && _unknown is { } unknown)
            {
                if (pendingUnknown && !_fuseUnknown)
                    symbols.Add(unknown);
                pendingUnknown = true;
            }
        }
        if (pendingUnknown)
            symbols.Add(_unknown!.Value);
        return symbols;
    }

    /// <summary>The character with the marks for "not the first" and "the last of its word", where the vocabulary has such.</summary>
    ReadOnlySpan<char> Decorate(string word, int start, int end)
    {
        string before = start > 0 ? _continuation : "", after = end == word.Length ? _wordEnd : "";
        var character = word.AsSpan(start, end - start);
        return before.Length + after.Length == 0 ? character : $"{before}{character}{after}";
    }

    bool AddBytes(ReadOnlySpan<char> character, List<int> symbols)
    {
        if (_bytes is null)
            return false;
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(character.Length)];
        utf8 = utf8[..Encoding.UTF8.GetBytes(character, utf8)];
        foreach (byte b in utf8)
        {
            if (_bytes[b] < 0)
                return false;
        }
        foreach (byte b in utf8)
            symbols.Add(_bytes[b]);
        return true;
    }

    /// <summary>Merges neighbours, lowest rank first and leftmost among equals, and appends what remains.</summary>
    void Merge(List<int> symbols, List<int> ids)
    {
        int count = symbols.Count;
        var previous = new int[count];
        var next = new int[count]; // a linked list of the symbols still there; count marks the end
        var queue = new PriorityQueue<(int Left, int Id), (int Rank, int Left)>();
        for (int i = 0; i < count; i++)
            (previous[i], next[i]) = (i - 1, i + 1);
        for (int i = 0; i < count; i++)
            Offer(i);
        while (queue.TryDequeue(out var merge, out _))
        {
            int left = merge.Left, right = next[left];
            if (right == count || !_merges.TryGetValue((symbols[left], symbols[right]), out var current) || current.Id != merge.Id)
                continue; // a merge made since then has used one of the two
            symbols[left] = merge.Id;
            symbols[right] = -1;
            next[left] = next[right];
            if (next[left] < count)
                previous[next[left]] = left;
            if (previous[left] >= 0)
                Offer(previous[left]);
            Offer(left);
        }
        for (int i = 0; i < count; i = next[i])
            ids.Add(symbols[i]);

        void Offer(int left)
        {
            if (next[left] < count && _merges.TryGetValue((symbols[left], symbols[next[left]]), out var merge))
                queue.Enqueue((left, merge.Id), (merge.Rank, left));
        }
    }
}
