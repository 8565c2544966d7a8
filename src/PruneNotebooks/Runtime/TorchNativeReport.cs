namespace PruneNotebooks.Runtime;

/// <summary>What <see cref="TorchNative"/> found and did in this process.</summary>
public sealed record TorchNativeReport
{
    /// <summary>What was done, in words.</summary>
    public required string Action { get; init; }

    /// <summary>Path of TorchSharp's native shim that was found or loaded; <see langword="null"/> if none was looked for or found.</summary>
    public string? Shim { get; init; }

    /// <summary>Path of libtorch that was found or loaded; <see langword="null"/> if none was looked for or found.</summary>
    public string? LibTorch { get; init; }

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<NativeAttempt> Tried { get; init; } = [];

    /// <summary>What went wrong and what to do about it; <see langword="null"/> if nothing did.</summary>
    public string? Error { get; init; }
}

/// <summary>A native library that was to be loaded, or a file or folder in which it was looked for.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Error">The operating system's own message; <see langword="null"/> if it was loaded.</param>
public sealed record NativeAttempt(string Path, string? Error);
