using System.Text.Json;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Parity;

/// <summary>One recorded file: what went in and what must come out.</summary>
sealed class ReferenceCase : IDisposable
{
    readonly SafetensorsFile file;

    public ReferenceCase(string path) => file = SafetensorsFile.Open(path);

    public string Header(string key) => file.Metadata[key];

    public IReadOnlyList<string> List(string key) => JsonSerializer.Deserialize<string[]>(Header(key))!;

    public bool Has(string name) => file.Tensors.ContainsKey(name);

    public IEnumerable<string> Names(string prefix) => file.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public Tensor Tensor(string name) => file.Read(name);

    public long[] Longs(string name)
    {
        using var tensor = Tensor(name);
        return tensor.data<long>().ToArray();
    }

    /// <summary>The prompt as the reference tokenised it, with its pictures.</summary>
    public EncodedPrompt Prompt(long imageToken, int tokensPerImage)
    {
        long[] ids = Longs("input.input_ids");
        List<VisualSpan> spans = [];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != imageToken) continue;
            spans.Add(new VisualSpan(i, tokensPerImage));
            i += tokensPerImage - 1;
        }
        return new EncodedPrompt(ids, new PromptLayout(ids.Length, spans), [.. List("images").Select(ReferenceModels.Picture)]);
    }

    public void Dispose() => file.Dispose();
}
