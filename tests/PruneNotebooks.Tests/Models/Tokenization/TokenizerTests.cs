using System.Text.Json;
using CsCheck;
using PruneNotebooks.Models;
using PruneNotebooks.Models.Tokenization;

namespace PruneNotebooks.Tests.Models.Tokenization;

public sealed class TokenizerTests
{
    public static TheoryData<string> Folders => SampleFolders.With("tokenizer-samples.json");

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

    [Theory]
    [InlineData("<s> USER: <image> read the text . ASSISTANT:", "1 5 4 49 29 50 51 6")]
    public void Scene_llava(string text, string ids)
    {
        var tokenizer = Tokenizer.Load(ModelFolders.Find("scene-llava"));
        Assert.Equal(ids, Shown(tokenizer.Encode(text, false)));
    }
}
