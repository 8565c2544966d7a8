using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How much there is to see in each patch of a picture: the entropy of its histogram of grey levels, in bits, 0 to 8.</summary>
/// <remarks>
/// <i>VFlowOpt</i>, arXiv 2508.05211. Grey levels as in the authors' code: channels cut down to whole numbers, a third of their sum (0.3333) rounded.
/// The logarithm has base 2 and an epsilon of 1e-10 as there; the paper's text writes the natural one. Give it pixels of 0 to 1, not those that a processor has normalised.
/// </remarks>
public static class PatchEntropy
{
    const int Levels = 256;

    /// <summary>The entropy of each patch.</summary>
    /// <param name="pixels">Red, green and blue from 0 to 1, float <c>[3, h, w]</c>.</param>
    /// <param name="patch">Side of a patch in pixels; divides h and w.</param>
    /// <returns>Float64, row by row, <c>[h w / patch^2]</c>.</returns>
    /// <exception cref="ArgumentException">Other dimensions, patches that do not fill the picture, or a value outside of 0 to 1.</exception>
    public static Tensor Of(Tensor pixels, int patch)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.dim() != 3 || pixels.shape[0] != 3) throw new ArgumentException($"Pixels are [3, h, w]; they are {pixels.Shape()}.", nameof(pixels));
        long height = pixels.shape[1], width = pixels.shape[2];
        if (patch < 1 || height % patch != 0 || width % patch != 0)
            throw new ArgumentOutOfRangeException(nameof(patch), patch, $"Patches of {patch} x {patch} pixels do not fill a picture of {height} x {width}.");
        using var scope = NewDisposeScope();
        // Comparing this way round also refuses what is not a number.
        float least = pixels.min().to_type(ScalarType.Float32).item<float>(), most = pixels.max().to_type(ScalarType.Float32).item<float>();
        if (!(least >= 0 && most <= 1))
            throw new ArgumentException($"Pixels are from 0 to 1; these are from {least} to {most}. Give them before they are normalised.", nameof(pixels));
        var levels = pixels.to_type(ScalarType.Float32).mul(255.0.ToCachedScalar()).to_type(ScalarType.Int64);
        var grey = levels.sum([0]).to_type(ScalarType.Float64).mul(0.3333.ToCachedScalar()).round().to_type(ScalarType.Int64);
        var patches = grey.reshape(height / patch, patch, width / patch, patch).transpose(1, 2).reshape(-1, (long)patch * patch);
        var counts = zeros(patches.shape[0], Levels, ScalarType.Float64, pixels.device).scatter_add_(1, patches, ones_like(patches, ScalarType.Float64));
        var p = counts.div_(((double)patch * patch).ToCachedScalar());
        return p.mul(p.add(1e-10.ToCachedScalar()).log2()).sum(1).neg_().MoveToOuterDisposeScope();
    }
}
