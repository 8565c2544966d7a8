using System.Text.Json;
using CsCheck;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Tokenization;

namespace PruneNotebooks.Tests.Models.Tokenization;

public sealed class TokenizerTests
{
    public static TheoryData<string> Folders => SampleFolders.With("tokenizer-samples.json");

    static readonly string Gpt2 = TestData.Path("tokenizers", "gpt2"), Llama = TestData.Path("reference", "llava-1.5");

    /// <summary>Texts of all kinds: ASCII, any code unit (halves of characters too), white space, and characters beyond U+FFFF.</summary>
    static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Gen.Char.Select(c => c.ToString()),
        Gen.Int[0, 5].Select(i => new[] { " ", "\n", "\t", "\u00A0", "  ", "\r\n" }[i]),
        Gen.Int[0, 5].Select(i => new[] { "<image>", "</s>", "<0x41>", "▁", "e\u0301", "'s" }[i]),
        Gen.Int[0x10000, 0x1FFFF].Select(char.ConvertFromUtf32)).Array[0, 30].Select(string.Concat);

    [Theory]
    [MemberData(nameof(Folders))]
    [Trait("Category", "Parity")]
    public void Ids_and_texts_are_those_of_the_reference(string folder)
    {
        var tokenizer = Tokenizer.Load(folder);
        using var samples = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer-samples.json")));
        Assert.NotEmpty(samples.RootElement.EnumerateArray());
        foreach (var sample in samples.RootElement.EnumerateArray())
        {
            string text = sample.GetProperty("text").GetString()!;
            long[] ids = Ids(sample.GetProperty("ids"));
            Assert.Equal((text, Shown(ids)), (text, Shown(tokenizer.Encode(text))));
            Assert.Equal((text, Shown(Ids(sample.GetProperty("ids_without_special")))), (text, Shown(tokenizer.Encode(text, addSpecialTokens: false))));
            Assert.Equal((text, sample.GetProperty("decoded").GetString()), (text, tokenizer.Decode(ids)));
        }
    }

    static long[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt64())];

    static string Shown(IEnumerable<long> ids) => string.Join(' ', ids);

    // The recorded prompts of the embedded model: <s> USER: <image>, then these, then its answer.
    [Theory]
    [InlineData("read the text .", "49 29 50 51 6")]
    [InlineData("what colour is the ring ?", "25 26 28 29 19 32 6")]
    [InlineData("what is left of the triangle ?", "25 28 39 43 29 17 32 6")]
    [InlineData("how many things ?", "33 34 31 32 6")]
    [InlineData("is there a blue circle ?", "28 35 36 9 15 32 6")]
    public void The_embedded_model_is_asked_as_in_training(string question, string ids)
    {
        var tokenizer = Tokenizer.Load(ModelFolders.Find("scene-llava"));
        string prompt = $"USER: <image> {question} ASSISTANT:";
        Assert.Equal($"1 5 4 {ids}", Shown(tokenizer.Encode(prompt)));
        Assert.Equal($"USER: {question} ASSISTANT:", tokenizer.Decode(tokenizer.Encode(prompt)));
        Assert.Equal(88, tokenizer.VocabularySize);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Any_text_gives_ids_of_the_vocabulary_and_a_text_again(string folder)
    {
        var tokenizer = Tokenizer.Load(folder);
        Texts.Sample(text =>
        {
            long[] ids = tokenizer.Encode(text);
            tokenizer.Decode(ids);
            return ids.All(id => tokenizer.IdOf(tokenizer.TokenOf(id)) == id);
        }, iter: 300);
    }

    [Fact]
    public void Byte_level_tokens_give_back_every_text()
    {
        var tokenizer = Tokenizer.Load(Gpt2);
        Texts.Sample(text => tokenizer.Decode(tokenizer.Encode(text), skipSpecialTokens: false) == Characters.WellFormed(text), iter: 2000);
    }

    [Fact]
    public void Byte_fallback_gives_back_every_text()
    {
        var tokenizer = Tokenizer.Load(Llama);
        // "▁" is how the vocabulary writes a blank. Special tokens in the text take the blank that was put before the text with them.
        Texts.Select(text => text.Replace("▁", "", StringComparison.Ordinal).Replace("<image>", "", StringComparison.Ordinal).Replace("</s>", "", StringComparison.Ordinal))
            .Sample(text => tokenizer.Decode(tokenizer.Encode(text)) == Characters.WellFormed(text), iter: 2000);
    }

    [Fact]
    public void Many_threads_may_share_one()
    {
        var tokenizer = Tokenizer.Load(Llama);
        string[] texts = [.. Enumerable.Range(0, 64).Select(i => $"text number {i} naïve 猫 <image> {i * i}")];
        string[] alone = [.. texts.Select(text => Shown(tokenizer.Encode(text)))];
        string[] together = [.. texts.AsParallel().AsOrdered().Select(text => Shown(tokenizer.Encode(text)))];
        Assert.Equal(alone, together);
    }

    [Fact]
    public void A_long_text_without_a_cut_equals_its_parts_between_special_tokens()
    {
        var tokenizer = Tokenizer.Load(Llama);
        string part = string.Concat(Enumerable.Repeat("the quick brown fox, 1234 naïve 猫 ", 3000));
        long[] alone = tokenizer.Encode(part, addSpecialTokens: false);
        long image = tokenizer.IdOf("<image>")!.Value;
        Assert.Equal([.. alone, image, .. alone], tokenizer.Encode($"{part}<image>{part}", addSpecialTokens: false));
    }

    [Fact]
    public void Ids_that_no_token_has_are_named_by_TokenOf_and_left_out_by_Decode()
    {
        var tokenizer = Tokenizer.Load(Gpt2);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.TokenOf(123_456));
        Assert.Contains("123456", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.TokenOf(-1));
        Assert.Null(tokenizer.IdOf("no such token"));
        Assert.Equal("a", tokenizer.Decode([.. tokenizer.Encode("a"), 123_456, -1, long.MaxValue]));
    }

    [Fact]
    public void Special_tokens_are_left_out_unless_asked_for()
    {
        var tokenizer = Tokenizer.Load(TestData.Path("tokenizers", "bert"));
        long[] ids = tokenizer.Encode("a cat");
        Assert.Equal("a cat", tokenizer.Decode(ids));
        Assert.Equal("[CLS] a cat [SEP]", tokenizer.Decode(ids, skipSpecialTokens: false));
    }
}
