using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Rotary position embedding (arXiv 2104.09864) in the rotate-half layout, with Llama 3's frequency scaling where configured.</summary>
internal sealed class RotaryEmbedding(RopeConfig config, int headSize) : IDisposable
{
    readonly float[] frequencies = Frequencies(config, headSize);
    Tensor? onDevice;

    /// <summary>The rotations of some positions.</summary>
    /// <param name="positions">int64 <c>[B, T]</c>.</param>
    /// <param name="dtype">The model's type; angles are computed in float32.</param>
    /// <returns>Cosine and sine, each <c>[B, 1, T, headSize / 2]</c>.</returns>
    public Rotation At(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        if (onDevice is null || onDevice.device.type != positions.device.type)
        {
            onDevice?.Dispose();
            onDevice = tensor(frequencies, device: positions.device).DetachFromDisposeScope();
        }
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * onDevice;
        return new Rotation(
            angles.cos().to(dtype).unsqueeze(1).MoveToOuterDisposeScope(),
            angles.sin().to(dtype).unsqueeze(1).MoveToOuterDisposeScope());
    }

    static float[] Frequencies(RopeConfig config, int headSize)
    {
        float[] frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            double frequency = 1 / Math.Pow(config.Theta, 2.0 * i / headSize);
            frequencies[i] = (float)(config.Type switch
            {
                "llama3" => Llama3(frequency, config),
                "linear" => frequency / config.Factor,
                _ => frequency,
            });
        }
        return frequencies;
    }

    // Llama 3.1: long wavelengths are stretched by the factor, short ones stay, those between are blended.
    static double Llama3(double frequency, RopeConfig config)
    {
        double wavelength = 2 * Math.PI / frequency;
        double longest = config.OriginalMaxPositions / config.LowFrequencyFactor, shortest = config.OriginalMaxPositions / config.HighFrequencyFactor;
        if (wavelength > longest) return frequency / config.Factor;
        if (wavelength < shortest) return frequency;
        double smooth = (config.OriginalMaxPositions / wavelength - config.LowFrequencyFactor) / (config.HighFrequencyFactor - config.LowFrequencyFactor);
        return (1 - smooth) * frequency / config.Factor + smooth * frequency;
    }

    public void Dispose() => onDevice?.Dispose();
}

/// <summary>Cosines and sines that turn queries and keys to their positions.</summary>
internal sealed record Rotation(Tensor Cos, Tensor Sin) : IDisposable
{
    /// <summary>Turns <c>[B, H, T, headSize]</c>.</summary>
    public Tensor Turn(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1);
        return cat([halves[0] * Cos - halves[1] * Sin, halves[1] * Cos + halves[0] * Sin], -1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
