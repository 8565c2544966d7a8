using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape; empty for a single number.</param>
/// <param name="Begin">Where its bytes begin, from the start of the file.</param>
/// <param name="Length">How many bytes it has.</param>
public sealed record SafetensorsEntry(string Name, ScalarType DType, long[] Shape, long Begin, long Length);
