using static TorchSharp.torch;

namespace PruneNotebooks.Runtime;

/// <summary>Consecutive whole numbers as int64 tensors. <c>torch.arange</c> makes temporary scalars, which a finaliser may free while they are in use (<see cref="Scalars"/>).</summary>
static class Indices
{
    /// <summary><c>0 .. count - 1</c>.</summary>
    public static Tensor UpTo(long count, Device? device = null) => Range(0, count, device);

    /// <summary><c>first .. end - 1</c>.</summary>
    public static Tensor Range(long first, long end, Device? device = null)
    {
        long[] numbers = new long[Math.Max(0, end - first)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = first + i;
        return tensor(numbers, ScalarType.Int64, device);
    }
}
