using System.Security.Cryptography;
using System.Text;
using PruneNotebooks.Models;

namespace PruneNotebooks.Metrics;

/// <summary>A probe as a model reads it: the prompt, and the tokens of the right answer with the end token behind them.</summary>
internal sealed record EncodedProbe(Probe Probe, EncodedPrompt Prompt, IReadOnlyList<long> Answer)
{
    /// <summary>Tokens of the prompt behind the picture.</summary>
    public int Text => Prompt.Ids.Count - Prompt.Layout.TextStart;

    /// <summary>Tokenises a probe.</summary>
    /// <exception cref="ArgumentException">The answer has no token.</exception>
    public static EncodedProbe Of(Vlm model, Probe probe)
    {
        var answer = model.Tokenizer.Encode(probe.Answer, addSpecialTokens: false);
        return answer.Length > 0
            ? new(probe, model.Encode(model.Ask(probe.Question, probe.Image)), [.. answer, .. model.Generation.EndTokens.Take(1)])
            : throw new ArgumentException($"The answer to '{probe.Question}' is '{probe.Answer}', which has no token: every probe needs an answer.");
    }

    /// <summary>The prompt and the answer but for its last token: reading it tells the likelihood of every token of the answer.</summary>
    public EncodedPrompt WithAnswer() => Prompt.Append(Answer.SkipLast(1));

    /// <summary>Which probes of a list are read together: at most so many, and of one shape. Gives indices into the list.</summary>
    public static IEnumerable<int[]> Batches(IReadOnlyList<EncodedProbe> probes, int size) => probes
        .Select((probe, i) => (Shape: (VisualAblation.ShapeOf(probe.Prompt), probe.Answer.Count), Index: i))
        .GroupBy(probe => probe.Shape, probe => probe.Index)
        .SelectMany(shape => shape.Chunk(size));

    /// <summary>Numbers of the pictures that probes show, from 0 in the order of their first appearance.</summary>
    public static int[] Pictures(IReadOnlyList<Probe> probes)
    {
        Dictionary<RgbImage, int> numbers = new(ReferenceEqualityComparer.Instance);
        return [.. probes.Select(probe => numbers.TryGetValue(probe.Image, out int number) ? number : numbers[probe.Image] = numbers.Count)];
    }

    /// <summary>A short name for a set of probes that changes when any of them does, pictures included.</summary>
    public static string Fingerprint(IReadOnlyList<Probe> probes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var probe in probes)
        {
            hash.AppendData(SHA256.HashData(probe.Image.Pixels.Span));
            hash.AppendData(Encoding.UTF8.GetBytes($"{probe.Image.Width}\0{probe.Question}\0{probe.Answer}\0{probe.Category}\0"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
