using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PruneNotebooks.Runtime;

/// <summary>Where and in which type a model computes, and why.</summary>
/// <param name="Device">The device.</param>
/// <param name="Type">The type of weights and activations.</param>
/// <param name="Reason">Why these, in words.</param>
public sealed record Compute(Device Device, ScalarType Type, string Reason)
{
    /// <summary>Chooses what was not asked for. A device that was asked for is never silently replaced by another.</summary>
    /// <param name="device">The device, if you want a certain one.</param>
    /// <param name="type">float32, bfloat16, float16 or float64, if you want a certain one.</param>
    /// <param name="stored">The type in which the checkpoint is stored, if known.</param>
    /// <exception cref="NotSupportedException">A CUDA device was asked for and is not there.</exception>
    /// <exception cref="ArgumentException">The type is no floating-point type.</exception>
    public static Compute Choose(Device? device = null, ScalarType? type = null, ScalarType? stored = null)
    {
        bool cuda = cuda_is_available();
        if (device is { type: TorchSharp.DeviceType.CUDA } asked)
        {
            if (!cuda) throw new NotSupportedException("A CUDA device was asked for, but libtorch finds none. Run 'prune doctor' to see why, or ask for the CPU.");
            int devices = TorchSharp.torch.cuda.device_count();
            if (asked.index >= devices) throw new NotSupportedException($"{asked} was asked for, but there {(devices == 1 ? "is 1 CUDA device" : $"are {devices} CUDA devices")}, counted from cuda:0.");
        }
        if (type is { } wanted && wanted is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64))
            throw new ArgumentException($"A model computes in Float32, BFloat16, Float16 or Float64; it was asked for {wanted}.", nameof(type));
        var where = device ?? (cuda ? CUDA : CPU);
        string why = device is not null ? "as asked" : cuda ? "a CUDA device is present"
            : HasNvidiaDriver() ? "an NVIDIA driver is present, but libtorch finds no CUDA device: 'prune doctor' says why" : "no CUDA device is present";
        bool half = where.type == TorchSharp.DeviceType.CUDA && stored is ScalarType.Float16 or ScalarType.BFloat16;
        var what = type ?? (half ? ScalarType.BFloat16 : ScalarType.Float32);
        string whyType = type is not null ? "as asked" : half ? "the checkpoint is stored in 16 bits" : "the most exact choice here";
        return new Compute(where, what, $"{why}; {what}: {whyType}");
    }

    /// <summary>Hears where and in which type the first model of this process computes, and why.</summary>
    /// <remarks>Notebooks and <c>prune</c> print it; any other program may.</remarks>
    public static event Action<Compute>? FirstUse;

    static int used;

    /// <summary>Tells <see cref="FirstUse"/>, the first time.</summary>
    internal Compute Announced()
    {
        if (Interlocked.Exchange(ref used, 1) == 0) FirstUse?.Invoke(this);
        return this;
    }

    static bool HasNvidiaDriver() => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _);

    /// <summary>Waits until the device has finished its work, so that a clock can be read.</summary>
    public void Synchronize()
    {
        if (Device.type == TorchSharp.DeviceType.CUDA) cuda.synchronize(Device);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Device} ({Reason})";
}
