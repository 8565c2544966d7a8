using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using PruneNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Writes named tensors in the safetensors format, byte for byte as the reference library does.</summary>
/// <remarks>
/// Tensors may be anywhere and have any strides; each is brought to the CPU only while it is written. Their order in the file is by type
/// (the widest first, so that every tensor is aligned) and then by name, whatever the order in which they are given.
/// </remarks>
public static class SafetensorsWriter
{
    const int BufferSize = 1 << 20;

    /// <summary>Writes a file: completely or not at all.</summary>
    /// <exception cref="ArgumentException">A name appears twice or is <c>__metadata__</c>, or the format does not have a tensor's type.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var entries = InFileOrder(tensors);
        AtomicFile.Write(path, stream => Write(stream, entries, metadata));
    }

    /// <summary>The bytes of such a file, to hand to another program.</summary>
    /// <exception cref="ArgumentException">As above, or the tensors need more than one array can hold (2 GiB).</exception>
    public static byte[] ToBytes(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var entries = InFileOrder(tensors);
        long bytes = entries.Sum(entry => Bytes(entry.Value));
        if (bytes > Array.MaxLength / 2) throw new ArgumentException($"The tensors need {bytes} bytes, too many for one array; write a file.", nameof(tensors));
        using var stream = new MemoryStream();
        Write(stream, entries, metadata);
        return stream.ToArray();
    }

    static KeyValuePair<string, Tensor>[] InFileOrder(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] entries = [.. tensors];
        var names = new HashSet<string>();
        foreach (var (name, tensor) in entries)
        {
            if (name == "__metadata__") throw new ArgumentException("A tensor cannot be called '__metadata__': the format keeps that name for itself.", nameof(tensors));
            if (!names.Add(name)) throw new ArgumentException($"Two tensors are called '{name}'.", nameof(tensors));
            if (!SafetensorsTypes.Has(tensor.dtype))
                throw new ArgumentException($"Tensor '{name}' has the type {tensor.dtype}, which the format does not have; convert it to one of {SafetensorsTypes.Names}.", nameof(tensors));
            if (tensor.is_sparse || tensor.device_type == DeviceType.META)
                throw new ArgumentException($"Tensor '{name}' is {(tensor.is_sparse ? "sparse; call to_dense() first" : "on the meta device and has no numbers")}.", nameof(tensors));
        }
        return [.. entries.OrderBy(entry => SafetensorsTypes.Rank(entry.Value.dtype)).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    static void Write(Stream stream, KeyValuePair<string, Tensor>[] entries, IReadOnlyDictionary<string, string>? metadata)
    {
        byte[] header = Header(entries, metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in entries)
        {
            if (tensor.NumberOfElements == 0) continue;
            using var scope = NewDisposeScope();
            tensor.detach().cpu().resolve_conj().contiguous().WriteBytesToStream(stream, BufferSize);
        }
    }

    static byte[] Header(KeyValuePair<string, Tensor>[] entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            long begin = 0;
            foreach (var (name, tensor) in entries)
            {
                long end = begin + Bytes(tensor);
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.Name(tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }
            json.WriteEndObject();
        }
        while (text.Length % 8 != 0) text.WriteByte((byte)' ');
        return text.ToArray();
    }

    static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    static long Bytes(Tensor tensor) => tensor.NumberOfElements * SafetensorsTypes.Size(tensor.dtype);
}
