using CsCheck;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Tokenization;

namespace PruneNotebooks.Tests.Models.Tokenization;

/// <summary>The parts of tokenizer.json that no recorded model uses, and files that are damaged.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    const string Letters = "\"a\": 0, \"b\": 1, \"c\": 2, \"ab\": 3, \"abc\": 4, \"?\": 5, \" \": 6, \"_\": 7";
    const string Pairs = """{"type": "BPE", "vocab": {""" + Letters + """}, "merges": [["a", "b"], ["ab", "c"]]}""";

    Tokenizer Load(string rest, string model = Pairs, string config = "{}")
    {
        File.WriteAllText(_folder["tokenizer.json"], $$"""{"model": {{model}}{{(rest.Length > 0 ? ", " + rest : "")}}}""");
        File.WriteAllText(_folder["tokenizer_config.json"], config);
        return Tokenizer.Load(_folder.Path);
    }

    static string Shown(IEnumerable<long> ids) => string.Join(' ', ids);

    string Pieces(string preTokenizer, string text, bool isFirst = true)
    {
        File.WriteAllText(_folder["part.json"], preTokenizer);
        return string.Join('|', PreTokenizers.Read(ConfigFields.Open(_folder["part.json"]))(new(text, isFirst)).Select(piece => piece.Text));
    }

    string Normalized(string normalizer, string text)
    {
        File.WriteAllText(_folder["part.json"], normalizer);
        return Normalizers.Read(ConfigFields.Open(_folder["part.json"]))(text);
    }

    string Decoded(string decoder, params string[] tokens)
    {
        File.WriteAllText(_folder["part.json"], decoder);
        return string.Concat(Decoders.Read(ConfigFields.Open(_folder["part.json"]))(tokens));
    }

    [Theory]
    [InlineData("abc", "4")]
    [InlineData("abab", "3 3")]
    [InlineData("cab", "2 3")]
    [InlineData("bxa", "1 0")] // no unknown token: nothing
    public void Merges_may_be_written_as_texts_or_pairs(string text, string ids)
    {
        Assert.Equal(ids, Shown(Load("").Encode(text)));
        Assert.Equal(ids, Shown(Load("", Pairs.Replace("""[["a", "b"], ["ab", "c"]]""", """["a b", "ab c"]""", StringComparison.Ordinal)).Encode(text)));
    }

    [Theory]
    [InlineData("false", "xxa", "5 5 0")]
    [InlineData("true", "xxa", "5 0")]
    [InlineData("true", "axxbx", "0 5 1 5")]
    public void Runs_of_unknown_characters_are_one_token_or_many(string fuse, string text, string ids) =>
        Assert.Equal(ids, Shown(Load("", Pairs.Replace("\"BPE\"", "\"BPE\", \"unk_token\": \"?\", \"fuse_unk\": " + fuse, StringComparison.Ordinal)).Encode(text)));

    [Fact]
    public void Whole_words_may_come_before_merges()
    {
        string model = """{"type": "BPE", "ignore_merges": true, "vocab": {"a": 0, "b": 1, "ba": 2, "ab": 3}, "merges": ["a b"]}""";
        Assert.Equal("2", Shown(Load("", model).Encode("ba")));
        Assert.Equal("1 3", Shown(Load("", model).Encode("bab")));
        Assert.Equal("1 0", Shown(Load("", model.Replace("true", "false", StringComparison.Ordinal)).Encode("ba")));
    }

    [Fact]
    public void Words_merge_as_the_definition_says()
    {
        string[] merges = ["b a", "a b", "ab ab", "a a", "aa aa", "c d", "cd ab"];
        string[] tokens = ["a", "b", "c", "d", .. merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal))];
        string vocab = string.Join(", ", tokens.Select((token, id) => $"\"{token}\": {id}"));
        var tokenizer = Load("", $$"""{"type": "BPE", "vocab": { {{vocab}} }, "merges": ["{{string.Join("\", \"", merges)}}"]}""");
        Gen.Char['a', 'd'].Array[0, 40].Select(chars => new string(chars)).Sample(text =>
        {
            // Plainly: as long as any pair of neighbours is a merge, merge the leftmost pair of the earliest merge.
            var parts = text.Select(c => c.ToString()).ToList();
            while (merges.FirstOrDefault(m => FirstPair(parts, m) >= 0) is { } merge)
            {
                int left = FirstPair(parts, merge);
                parts[left] += parts[left + 1];
                parts.RemoveAt(left + 1);
            }
            return tokenizer.Encode(text).SequenceEqual(parts.Select(part => tokenizer.IdOf(part)!.Value));
        }, iter: 3000);
    }

    static int FirstPair(List<string> parts, string merge) => Enumerable.Range(0, Math.Max(parts.Count - 1, 0)).FirstOrDefault(i => $"{parts[i]} {parts[i + 1]}" == merge, -1);

    const string Added = """ "added_tokens": [{"id": 9, "content": "<x>", "special": true, FLAGS}]""";

    [Theory]
    [InlineData("\"lstrip\": false", "a <x> b", "0 6 9 6 1")]
    [InlineData("\"lstrip\": true", "a  <x> b", "0 9 6 1")]
    [InlineData("\"rstrip\": true", "a <x>  b", "0 6 9 1")]
    [InlineData("\"lstrip\": true, \"rstrip\": true", " <x> <x> ", "9 9")]
    [InlineData("\"single_word\": true", "a<x>", "0")]
    [InlineData("\"single_word\": true", "a <x> b", "0 6 9 6 1")]
    [InlineData("\"lstrip\": false", "<x><x>a<x", "9 9 0")]
    public void Added_tokens_are_found_as_their_flags_say(string flags, string text, string ids) =>
        Assert.Equal(ids, Shown(Load(Added.Replace("FLAGS", flags, StringComparison.Ordinal)).Encode(text)));

    [Fact]
    public void The_longest_of_the_added_tokens_that_begin_at_one_place_counts() => Assert.Equal(
        "11 10 0",
        Shown(Load("""
            "added_tokens": [{"id": 10, "content": "<a"}, {"id": 11, "content": "<aa>"}, {"id": 12, "content": "a>"}]
            """).Encode("<aa><aa")));

    [Fact]
    public void Normalized_added_tokens_are_found_in_the_normalized_text()
    {
        string lower = """
            "normalizer": {"type": "Lowercase"}, "added_tokens": [{"id": 8, "content": "ABC", "normalized": NORMALIZED}]
            """;
        Assert.Equal("8", Shown(Load(lower.Replace("NORMALIZED", "true", StringComparison.Ordinal)).Encode("aBc")));
        Assert.Equal("4", Shown(Load(lower.Replace("NORMALIZED", "false", StringComparison.Ordinal)).Encode("aBc")));
        Assert.Equal("8", Shown(Load(lower.Replace("NORMALIZED", "false", StringComparison.Ordinal)).Encode("ABC")));
    }

    [Fact]
    public void Added_tokens_may_stand_in_the_configuration_only()
    {
        var tokenizer = Load("", config: """{"added_tokens_decoder": {"7": {"content": "<s>", "special": true}}}""");
        Assert.Equal("0 7 1", Shown(tokenizer.Encode("a<s>b")));
        Assert.Equal("a b", tokenizer.Decode([0, 7, 1]));
    }

    [Fact]
    public void The_configuration_may_ask_for_tidy_texts() => Assert.Equal(
        "a b?",
        Load("", config: """{"clean_up_tokenization_spaces": true}""").Decode([0, 1, 5]));

    [Theory]
    [InlineData("""{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "B"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "E"}}], "special_tokens": {"B": {"ids": [7, 6]}, "E": {"ids": [5]}}}""", "7 6 4 5")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["E", 5], "cls": ["B", 7]}""", "7 4 5")]
    [InlineData("""{"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "BertProcessing", "sep": ["E", 5], "cls": ["B", 7]}]}""", "7 4 5")]
    public void Special_tokens_are_put_around(string postProcessor, string ids)
    {
        Assert.Equal(ids, Shown(Load($"\"post_processor\": {postProcessor}").Encode("abc")));
        Assert.Equal("4", Shown(Load($"\"post_processor\": {postProcessor}").Encode("abc", addSpecialTokens: false)));
    }

    // The example of the reference documentation.
    [Theory]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Texts_are_split_in_five_ways(string behaviour, string pieces) => Assert.Equal(
        pieces,
        Pieces($$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{behaviour}}"}""", "the-final--countdown"));

    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "Hello, naïve_1 wörld!", "Hello|,|naïve_1|wörld|!")]
    [InlineData("""{"type": "WhitespaceSplit"}""", " a,\tb\u2003c ", "a,|b|c")]
    [InlineData("""{"type": "Punctuation"}""", "a,b$!", "a|,|b|$|!")]
    [InlineData("""{"type": "Digits"}""", "ab123½c", "ab|123½|c")]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "ab12c", "ab|1|2|c")]
    [InlineData("""{"type": "BertPreTokenizer"}""", "Don't stop", "Don|'|t|stop")]
    [InlineData("""{"type": "Metaspace"}""", "Hello big world", "▁Hello|▁big|▁world")]
    [InlineData("""{"type": "Metaspace", "split": false}""", "Hello big world", "▁Hello▁big▁world")]
    [InlineData("""{"type": "Metaspace", "prepend_scheme": "never"}""", "Hello big", "Hello|▁big")]
    [InlineData("""{"type": "Metaspace", "add_prefix_space": false}""", "Hello big", "Hello|▁big")]
    [InlineData("""{"type": "ByteLevel"}""", "Hello world", "ĠHello|Ġworld")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": false}""", "é\n b", "Ã©|Ċ|Ġb")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}+"}, "behavior": "Removed", "invert": true}""", "ab 1 cd", "ab|cd")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}+"}, "behavior": "Isolated"}""", "1𝒳𝒴2𠀀🙂", "1|𝒳𝒴|2|𠀀|🙂")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits"}]}""", "a1 b2", "a|1|b|2")]
    public void Texts_are_cut(string preTokenizer, string text, string pieces) => Assert.Equal(pieces, Pieces(preTokenizer, text));

    [Fact]
    public void Only_the_beginning_of_the_text_gets_a_blank_where_the_scheme_says_first()
    {
        string first = """{"type": "Metaspace", "prepend_scheme": "first", "split": false}""";
        Assert.Equal("▁a", Pieces(first, "a"));
        Assert.Equal("a", Pieces(first, "a", isFirst: false));
        Assert.Equal("▁a", Pieces(first, " a"));
    }

    [Theory]
    [InlineData("""{"type": "NFC"}""", "cafe\u0301 \u212B", "caf\u00E9 \u00C5")]
    [InlineData("""{"type": "NFD"}""", "caf\u00E9", "cafe\u0301")]
    [InlineData("""{"type": "Lowercase"}""", "ÀİẞΣ", "ài\u0307ßσ")]
    [InlineData("""{"type": "Strip"}""", "\u2003a b\n", "a b")]
    [InlineData("""{"type": "Strip", "strip_left": false}""", " a ", " a")]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}""", "é", "e")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}""", "a \n b", "a b")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "."}, "content": "$1"}""", "a.b", "a$1b")]
    [InlineData("""{"type": "Prepend", "prepend": "_"}""", "", "")]
    [InlineData("""{"type": "BertNormalizer"}""", "É\u0000\u200D猫\t", "e 猫  ")]
    [InlineData("""{"type": "BertNormalizer", "lowercase": false, "handle_chinese_chars": false}""", "É猫", "É猫")]
    public void Texts_are_normalized(string normalizer, string text, string expected) => Assert.Equal(expected, Normalized(normalizer, text));

    [Theory]
    [InlineData("""{"type": "ByteFallback"}""", "x猫y\uFFFD\uFFFD", "x", "<0xE7>", "<0x8C>", "<0xAB>", "y", "<0xE7>", "<0x8C>")]
    [InlineData("""{"type": "ByteLevel"}""", "é <image>", "Ã", "©", "Ġ", "<image>")]
    [InlineData("""{"type": "Metaspace"}""", "Hello world", "▁Hello", "▁world")]
    [InlineData("""{"type": "WordPiece"}""", "playing, now", "play", "##ing", ",", "now")]
    [InlineData("""{"type": "WordPiece", "cleanup": false}""", "play ,", "play", ",")]
    [InlineData("""{"type": "BPEDecoder"}""", "the cat", "the</w>", "ca", "t</w>")]
    [InlineData("""{"type": "Strip", "content": "_", "start": 1, "stop": 2}""", "_a", "__a__")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Replace", "pattern": {"String": "_"}, "content": "-"}]}""", "a-b", "a_", "b")]
    public void Tokens_become_text(string decoder, string text, params string[] tokens) => Assert.Equal(text, Decoded(decoder, tokens));

    [Theory]
    [InlineData("""{"type": "WordPiece", "unk_token": "?", "vocab": {"?": 0, "un": 1, "##able": 2, "##a": 3}}""", "unable", "1 2")]
    [InlineData("""{"type": "WordPiece", "unk_token": "?", "vocab": {"?": 0, "un": 1, "##able": 2, "##a": 3}}""", "unax", "0")]
    [InlineData("""{"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 3, "vocab": {"?": 0, "a": 1, "##a": 2}}""", "aaa", "1 2 2")]
    [InlineData("""{"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 3, "vocab": {"?": 0, "a": 1, "##a": 2}}""", "aaaa", "0")]
    [InlineData("""{"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "cat": 1}}""", "cat", "1")]
    [InlineData("""{"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "cat": 1}}""", "cats", "0")]
    [InlineData("""{"type": "BPE", "continuing_subword_prefix": "##", "end_of_word_suffix": "</w>", "vocab": {"a": 0, "##b": 1, "##c</w>": 2, "ab": 3, "abc</w>": 4}, "merges": ["a ##b", "ab ##c</w>"]}""", "abc", "4")]
    public void Words_become_tokens(string model, string word, string ids) => Assert.Equal(ids, Shown(Load("", model).Encode(word)));

    [Theory]
    [InlineData("", """{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "z"]]}""", "model.merges[0]")]
    [InlineData("", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "b"]]}""", "model.merges[0]")]
    [InlineData("", """{"type": "BPE", "vocab": {"a": 0}, "merges": [7]}""", "model.merges[0]")]
    [InlineData("", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["\ud800 a"]}""", "model.merges[0]")]
    [InlineData("", """{"type": "BPE", "vocab": {"a": 0}}""", "model.merges")]
    [InlineData("", """{"type": "WordLevel", "vocab": {"a": -1}}""", "model.vocab.a")]
    [InlineData("", """{"type": "WordLevel", "vocab": {"a": "b"}}""", "model.vocab.a")]
    [InlineData("", """{"type": "WordLevel", "vocab": []}""", "model.vocab")]
    [InlineData("", """{"type": "WordPiece", "vocab": {"a": 0}}""", "model.unk_token")]
    [InlineData("", """{"type": "WordLevel", "unk_token": "u", "vocab": {"a": 0}}""", "model.unk_token")]
    [InlineData(""" "added_tokens": [{"id": 1}]""", Pairs, "added_tokens[0].content")]
    [InlineData(""" "added_tokens": [{"content": "x"}]""", Pairs, "added_tokens[0].id")]
    [InlineData(""" "added_tokens": [5]""", Pairs, "added_tokens")]
    [InlineData(""" "normalizer": {"type": "Prepend"}""", Pairs, "normalizer.prepend")]
    [InlineData(""" "normalizer": {"type": "Replace", "content": "x"}""", Pairs, "normalizer.pattern")]
    [InlineData(""" "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Removed"}]}""", Pairs, "pre_tokenizer.pretokenizers[0].pattern.Regex")]
    [InlineData(""" "decoder": {"type": "Strip", "content": "ab"}""", Pairs, "decoder.content")]
    [InlineData(""" "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "B"}}]}""", Pairs, "post_processor.special_tokens")]
    public void A_damaged_field_is_named(string rest, string model, string field)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(rest, model));
        Assert.Contains(_folder["tokenizer.json"], error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", """{"type": "Unigram", "vocab": []}""", "model.type")]
    [InlineData("", """{"type": "BPE", "dropout": 0.1, "vocab": {"a": 0}, "merges": []}""", "model.dropout")]
    [InlineData(""" "normalizer": {"type": "Precompiled"}""", Pairs, "normalizer.type")]
    [InlineData(""" "pre_tokenizer": {"type": "UnicodeScripts"}""", Pairs, "pre_tokenizer.type")]
    [InlineData(""" "pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Dropped"}""", Pairs, "pre_tokenizer.behavior")]
    [InlineData(""" "decoder": {"type": "CTC"}""", Pairs, "decoder.type")]
    [InlineData(""" "post_processor": {"type": "Magic"}""", Pairs, "post_processor.type")]
    public void What_is_not_supported_is_refused_by_name(string rest, string model, string field) =>
        Assert.Contains($"'{field}'", Assert.Throws<NotSupportedException>(() => Load(rest, model)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_the_file_is_named() =>
        Assert.Contains(_folder["tokenizer.json"], Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(_folder.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Damaged_bytes_give_a_tokenizer_or_a_sentence_but_no_other_failure()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(ModelFolders.Find("scene-llava"), "tokenizer.json"));
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte, Gen.Int[0, 9]).Sample((position, value, cut) =>
        {
            byte[] damaged = [.. file];
            damaged[position] = value;
            File.WriteAllBytes(_folder["tokenizer.json"], cut == 0 ? damaged[..position] : damaged);
            try
            {
                Tokenizer.Load(_folder.Path).Encode("USER: <image> what is it ?");
            }
            catch (Exception e) when (e is InvalidDataException or NotSupportedException)
            {
                Assert.Contains("tokenizer.json", e.Message, StringComparison.Ordinal);
            }
        }, iter: 2000, threads: 1);
    }
}
