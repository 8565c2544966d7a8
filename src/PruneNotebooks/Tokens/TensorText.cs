using static TorchSharp.torch;

namespace PruneNotebooks.Tokens;

/// <summary>Tensors in sentences.</summary>
internal static class TensorText
{
    /// <summary>The shape as people write it: <c>[576, 4096]</c>.</summary>
    public static string Shape(this Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
