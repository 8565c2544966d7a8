using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>What tokens add to the probability of the right answer at one layer: each alone, against none at all.</summary>
/// <remarks>
/// <para><i>When Token Pruning is Worse than Random: Understanding Visual Token Information in VLLMs</i>, arXiv 2512.07580: <c>I(k) = p(y | text, k) - p(y | text)</c>.</para>
/// <para>Leave-only-one against none, not leave-one-out against all; signed, not clipped. The baseline drops the visual tokens at the same layer, so it is not blind: text has read the image below it.</para>
/// </remarks>
/// <param name="Probabilities">Probability of the right answer's first token with only this token (or window of tokens), <c>[W]</c>.</param>
/// <param name="TextProbability">The same with no visual token at all.</param>
public sealed record TokenInformation(float[] Probabilities, float TextProbability)
{
    /// <summary>The information of each token or window, <c>[W]</c>.</summary>
    public float[] Values => Array.ConvertAll(Probabilities, p => p - TextProbability);

    /// <summary>Reads it off the logits of the last prompt position.</summary>
    /// <param name="logits">With one token or window left, float <c>[W, V]</c>.</param>
    /// <param name="textLogits">With no visual token left, float <c>[V]</c>.</param>
    /// <param name="answer">Id of the right answer's first token.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or there is no such id.</exception>
    public static TokenInformation Of(Tensor logits, Tensor textLogits, long answer)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(textLogits);
        if (logits.dim() != 2 || textLogits.dim() != 1 || logits.shape[1] != textLogits.shape[0])
            throw new ArgumentException($"Logits are [W, V] with one window and [V] with none; they are {logits.Shape()} and {textLogits.Shape()}.", nameof(logits));
        if (answer < 0 || answer >= textLogits.shape[0])
            throw new ArgumentOutOfRangeException(nameof(answer), answer, $"The vocabulary has ids 0 to {textLogits.shape[0] - 1}.");
        using var scope = NewDisposeScope();
        float[] probabilities = cat([logits, textLogits.unsqueeze(0)]).softmax(1, ScalarType.Float32).select(1, answer).cpu().data<float>().ToArray();
        return new(probabilities[..^1], probabilities[^1]);
    }
}
