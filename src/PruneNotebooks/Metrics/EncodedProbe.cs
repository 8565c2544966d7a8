using System.Security.Cryptography;
using System.Text;
using PruneNotebooks.Models;

namespace PruneNotebooks.Metrics;

/// <summary>A probe as a model reads it.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Picture">The number of its picture, from 0 in the order of their first appearance.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Answer">The tokens of the right answer with the end token behind them; none if only the prompt is read.</param>
internal sealed record EncodedProbe(Probe Probe, int Picture, EncodedPrompt Prompt, IReadOnlyList<long> Answer)
{
    /// <summary>Tokens of the prompt behind the picture.</summary>
    public int Text => Prompt.Ids.Count - Prompt.Layout.TextStart;

    /// <summary>The prompt and the answer but for its last token: reading it tells the likelihood of every token of the answer.</summary>
    public EncodedPrompt WithAnswer() => Prompt.Append(Answer.SkipLast(1));

    /// <summary>What probes that are read together have in common.</summary>
    public (int Length, int Start, int Tokens, int Answer) Shape
    {
        get
        {
            var (length, start, tokens) = VisualAblation.ShapeOf(Prompt);
            return (length, start, tokens, Answer.Count);
        }
    }

    /// <summary>Tokenises probes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="answers">Whether the answers are read, too.</param>
    /// <exception cref="ArgumentException">There is no probe, or an answer has no token.</exception>
    public static EncodedProbe[] All(Vlm model, IReadOnlyList<Probe> probes, bool answers)
    {
        if (probes.Count == 0) throw new ArgumentException("There is no probe: give at least one picture with a question and its answer.", nameof(probes));
        return [.. probes.Zip(Probe.Pictures(probes), (probe, picture) =>
            new EncodedProbe(probe, picture, model.Encode(model.Ask(probe.Question, probe.Image)), answers ? AnswerOf(model, probe) : []))];
    }

    static long[] AnswerOf(Vlm model, Probe probe) => model.Tokenizer.Encode(probe.Answer, addSpecialTokens: false) is { Length: > 0 } answer
        ? [.. answer, .. model.Generation.EndTokens.Take(1)]
        : throw new ArgumentException($"The answer to '{probe.Question}' is '{probe.Answer}', which has no token: every probe needs an answer.");

    /// <summary>A short name for a set of probes that changes when any of them does, pictures included.</summary>
    public static string Fingerprint(IEnumerable<EncodedProbe> probes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (probe, _, _, _) in probes)
        {
            hash.AppendData(SHA256.HashData(probe.Image.Pixels.Span));
            hash.AppendData(Encoding.UTF8.GetBytes($"{probe.Image.Width}\0{probe.Question}\0{probe.Answer}\0{probe.Category}\0"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
