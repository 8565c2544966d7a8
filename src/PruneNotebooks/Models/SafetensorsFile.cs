using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A safetensors file, or its bytes in memory: named tensors.</summary>
/// <remarks>
/// The file is mapped into memory, not read: a tensor that needs no conversion shares the mapped pages (copy-on-write: changing it never
/// changes the file), any other is converted straight from them. Tensors live on after the file is disposed. Replace a file that is in use by renaming, as
/// <see cref="SafetensorsWriter"/> does: one that is cut short in place takes the mapped pages away.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    readonly string name;
    readonly ReadOnlyMemory<byte>? memory;
    readonly Dictionary<ScalarType, Tensor> mapped = [];

    SafetensorsFile(string name, SafetensorsHeader header, ReadOnlyMemory<byte>? memory)
    {
        (this.name, this.memory) = (name, memory);
        (Metadata, Tensors) = (header.Metadata, header.Tensors);
    }

    /// <summary>What the file says about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Opens a file. Everything that its header says is checked before anything is allocated for it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds a type that TorchSharp does not have; the sentence names file and byte.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsFile Open(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[SafetensorsHeader.Prefix];
        stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        byte[] json = new byte[SafetensorsHeader.Length(start, stream.Length, path)];
        stream.ReadExactly(json);
        var file = new SafetensorsFile(path, SafetensorsHeader.Parse(json, stream.Length, path), memory: null);
        file.Map(stream.Length);
        return file;
    }

    /// <summary>Opens what another program handed over as bytes, e.g. through a pipe. Tensors are copies.</summary>
    /// <param name="bytes">A whole safetensors file; not changed, and needed until this is disposed.</param>
    /// <param name="name">What to call the bytes in an error.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or hold a type that TorchSharp does not have.</exception>
    public static SafetensorsFile Open(ReadOnlyMemory<byte> bytes, string name = "safetensors bytes")
    {
        int length = SafetensorsHeader.Length(bytes.Span, bytes.Length, name);
        return new(name, SafetensorsHeader.Parse(bytes.Span.Slice(SafetensorsHeader.Prefix, length), bytes.Length, name), bytes);
    }

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="device">Where to put it; the CPU if not said.</param>
    /// <param name="dtype">The type to convert it to; as stored if not said.</param>
    /// <returns>A tensor that the caller owns.</returns>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    public Tensor Read(string name, Device? device = null, ScalarType? dtype = null)
    {
        if (!Tensors.TryGetValue(name, out var entry))
            throw new KeyNotFoundException($"'{this.name}' has no tensor '{name}'; it has {Tensors.Count}{string.Concat(Tensors.Keys.Order().Take(5).Select((key, i) => (i == 0 ? ": " : ", ") + key))}.");
        using var scope = NewDisposeScope();
        var tensor = Load(entry);
        // To the device first: a conversion there is faster, and stored types are the smaller ones.
        if (device is not null && device.type != DeviceType.CPU) tensor = tensor.to(device);
        if (dtype is not null && dtype != entry.DType) tensor = tensor.to(dtype.Value);
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Lets go of the file; tensors that share its pages keep them.</summary>
    public void Dispose()
    {
        foreach (var pages in mapped.Values) pages.Dispose();
        mapped.Clear();
    }

    /// <summary>Maps the whole file once for each type that it holds, as one long vector.</summary>
    void Map(long length)
    {
        foreach (var type in Tensors.Values.Where(entry => entry.Length > 0 && IsAligned(entry)).Select(entry => entry.DType).Distinct())
            mapped[type] = from_file(name, shared: false, size: length / SafetensorsTypes.Size(type), dtype: type).DetachFromDisposeScope();
    }

    Tensor Load(SafetensorsEntry entry)
    {
        int size = SafetensorsTypes.Size(entry.DType);
        if (memory is null && entry.Length > 0 && IsAligned(entry))
            return mapped[entry.DType].narrow(0, entry.Begin / size, entry.Length / size).view(entry.Shape);
        var tensor = empty(entry.Shape, entry.DType);
        if (entry.Length == 0) return tensor;
        if (memory is { } bytes)
        {
            bytes.Span.Slice((int)entry.Begin, (int)entry.Length).CopyTo(tensor.bytes);
            return tensor;
        }
        using var stream = File.OpenRead(name);
        stream.Position = entry.Begin;
        tensor.ReadBytesFromStream(stream, bufferSize: 1 << 20);
        return tensor;
    }

    static bool IsAligned(SafetensorsEntry entry) => entry.Begin % SafetensorsTypes.Size(entry.DType) == 0;
}
