using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How similar each visual token is to a text, without anything trained: cosines with the text's tokens, pooled.</summary>
public static class TextSimilarity
{
    /// <summary>The pooled cosine of each visual token.</summary>
    /// <remarks>The mean costs O((N + T) D), because a mean of products is the product with the mean; the largest O(N T D). A token of zeros has the cosine 0.</remarks>
    /// <param name="tokens">Visual tokens, float <c>[N, D]</c>, finite.</param>
    /// <param name="text">Tokens of the text in the same space, float <c>[T, D]</c>, one or more.</param>
    /// <param name="pooling">Over the text.</param>
    /// <returns>Float32 <c>[N]</c>, between -1 and 1.</returns>
    /// <exception cref="ArgumentException">Other shapes, no text, or a token is not finite; the message names it.</exception>
    public static Tensor Of(Tensor tokens, Tensor text, TextPooling pooling = TextPooling.Mean)
    {
        CheckShapes(tokens, text);
        using var scope = NewDisposeScope();
        var floats = tokens.to_type(ScalarType.Float32);
        var norms = UnitRows.Norms(floats);
        if (!norms.isfinite().all().item<bool>()) FiniteTokens.Check(tokens, 0, nameof(tokens));
        return Pooled(floats, UnitRows.Of(text.to_type(ScalarType.Float32)), pooling).div_(norms.squeeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>The cosine of each visual token with the mean of a text's tokens, which is not the mean of the cosines: long tokens count more.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor ToMean(Tensor tokens, Tensor text)
    {
        CheckShapes(tokens, text);
        using var scope = NewDisposeScope();
        return Of(tokens, text.mean([0], keepdim: true, type: ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    internal static Tensor Pooled(Tensor tokens, Tensor text, TextPooling pooling) => pooling switch
    {
        TextPooling.Mean => tokens.mv(text.mean([0])),
        TextPooling.Max => tokens.matmul(text.t()).amax([1]),
        _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "Mean or Max is expected."),
    };

    internal static void CheckShapes(Tensor tokens, Tensor text)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(text);
        if (tokens.dim() != 2) throw new ArgumentException($"Visual tokens are [N, D]; they are {tokens.Shape()}.", nameof(tokens));
        if (text.dim() != 2 || text.shape[0] == 0 || text.shape[1] != tokens.shape[1])
            throw new ArgumentException($"The text is [T, {tokens.shape[1]}], one token or more; it is {text.Shape()}.", nameof(text));
    }
}
