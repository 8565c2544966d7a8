using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>
/// The header of a safetensors file: 8 bytes (its length, little-endian), then a JSON object that says of each tensor its type, shape and
/// place. Nothing in it is trusted: when a header has been read, its tensors fill the rest of the file exactly, without gap or overlap.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, SafetensorsEntry> Tensors)
{
    /// <summary>Bytes before the JSON text.</summary>
    public const int Prefix = 8;

    /// <summary>The reference library refuses longer headers.</summary>
    const long LongestHeader = 100_000_000;

    const int MostDimensions = 64;

    /// <summary>The length of the JSON text.</summary>
    /// <param name="start">The first bytes of the file, at least 8 if it has as many.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="file">What to call the file in an error.</param>
    /// <exception cref="InvalidDataException">The file is too short for the length that it states.</exception>
    public static int Length(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        if (fileLength < Prefix) throw Damaged(file, 0, $"the file has {fileLength} bytes; a safetensors file begins with the 8 bytes of its header's length");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > (ulong)(fileLength - Prefix)) throw Damaged(file, 0, $"the header is said to have {length} bytes, but only {fileLength - Prefix} follow");
        if (length > LongestHeader) throw Damaged(file, 0, $"the header is said to have {length} bytes; at most {LongestHeader} are allowed");
        return (int)length;
    }

    /// <summary>Reads and checks the JSON text.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="file">What to call the file in an error.</param>
    /// <exception cref="InvalidDataException">The header is damaged or contradicts itself or the file.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long fileLength, string file)
    {
        var parser = new Parser(json, fileLength, file);
        try
        {
            return parser.Parse();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not valid Unicode
        {
            throw Damaged(file, parser.Position, $"the header is not JSON ({e.Message.TrimEnd('.')})");
        }
    }

    static InvalidDataException Damaged(string file, long offset, string what) => new($"'{file}', byte {offset}: {what}.");

    ref struct Parser(ReadOnlySpan<byte> json, long fileLength, string file)
    {
        readonly long data = Prefix + json.Length;
        readonly Dictionary<string, string> metadata = [];
        readonly Dictionary<string, SafetensorsEntry> tensors = [];
        Utf8JsonReader reader = new(json);
        bool hasMetadata;

        public readonly long Position => Prefix + Math.Max(reader.TokenStartIndex, reader.BytesConsumed);

        public SafetensorsHeader Parse()
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Damaged("the header is not a JSON object");
            while (NextName() is { } name)
            {
                if (name == "__metadata__") ReadMetadata();
                else if (!tensors.TryAdd(name, ReadEntry(name))) throw Damaged($"tensor '{name}' appears twice");
            }
            while (reader.Read()) { } // only blanks may follow
            CheckLayout();
            return new(metadata, tensors);
        }

        void ReadMetadata()
        {
            if (hasMetadata) throw Damaged("'__metadata__' appears twice");
            hasMetadata = true;
            Expect(JsonTokenType.StartObject, "'__metadata__' is not an object");
            while (NextName() is { } key)
            {
                Expect(JsonTokenType.String, $"metadata '{key}' is not a text");
                if (!metadata.TryAdd(key, reader.GetString()!)) throw Damaged($"metadata '{key}' appears twice");
            }
        }

        SafetensorsEntry ReadEntry(string name)
        {
            ScalarType? type = null;
            long[]? shape = null, place = null;
            Expect(JsonTokenType.StartObject, $"tensor '{name}' is not described by an object");
            while (NextName() is { } field)
            {
                bool again = field switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => place is not null, _ => false };
                if (again) throw Damaged($"tensor '{name}' states its {field} twice");
                if (field == "dtype") type = ReadType(name);
                else if (field == "shape") shape = ReadNumbers(name, field, atMost: MostDimensions);
                else if (field == "data_offsets") place = ReadNumbers(name, field, atMost: 2);
                else if (reader.Read()) reader.Skip();
            }
            if (type is null || shape is null || place is null)
                throw Damaged($"tensor '{name}' lacks its {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
            return Entry(name, type.Value, shape, place);
        }

        readonly SafetensorsEntry Entry(string name, ScalarType type, long[] shape, long[] place)
        {
            if (place is not [long begin, long end]) throw Damaged($"tensor '{name}' has {place.Length} data_offsets instead of 2");
            if (end < begin) throw Damaged($"tensor '{name}' ends before it begins: data_offsets [{begin}, {end}]");
            if (end > fileLength - data) throw Damaged($"tensor '{name}' has data_offsets [{begin}, {end}], but only {fileLength - data} bytes follow the header");
            // An empty dimension makes the tensor empty, but libtorch still multiplies the others.
            Int128 bytes = SafetensorsTypes.Size(type);
            foreach (long size in shape)
                if ((bytes *= Math.Max(size, 1)) > long.MaxValue) throw Damaged($"tensor '{name}' of shape [{string.Join(", ", shape)}] is too large for any memory");
            if (shape.Contains(0)) bytes = 0;
            if (bytes != end - begin)
                throw Damaged($"tensor '{name}' of type {SafetensorsTypes.Name(type)} and shape [{string.Join(", ", shape)}] needs {bytes} bytes, but its data_offsets [{begin}, {end}] hold {end - begin}");
            return new(name, type, shape, data + begin, end - begin);
        }

        ScalarType ReadType(string tensor)
        {
            Expect(JsonTokenType.String, $"the dtype of tensor '{tensor}' is not a text");
            string name = reader.GetString()!;
            return SafetensorsTypes.Parse(name) ?? throw Damaged(SafetensorsTypes.IsOnlyElsewhere(name)
                ? $"tensor '{tensor}' has the dtype {name}, which TorchSharp cannot hold; convert it to one of {SafetensorsTypes.Names}"
                : $"tensor '{tensor}' has the unknown dtype '{name}'");
        }

        long[] ReadNumbers(string tensor, string field, int atMost)
        {
            Expect(JsonTokenType.StartArray, $"the {field} of tensor '{tensor}' is not a list");
            var numbers = new List<long>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                    throw Damaged($"the {field} of tensor '{tensor}' holds something else than whole numbers from 0 to 2^63 - 1");
                if (numbers.Count == atMost) throw Damaged($"the {field} of tensor '{tensor}' has more than {atMost} numbers");
                numbers.Add(number);
            }
            return [.. numbers];
        }

        readonly void CheckLayout()
        {
            long end = data;
            SafetensorsEntry? last = null;
            foreach (var entry in tensors.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.Length))
            {
                if (entry.Begin < end) throw SafetensorsHeader.Damaged(file, entry.Begin, $"tensor '{entry.Name}' overlaps tensor '{last!.Name}'");
                if (entry.Begin > end) throw SafetensorsHeader.Damaged(file, end, $"{entry.Begin - end} bytes before tensor '{entry.Name}' belong to no tensor");
                (last, end) = (entry, entry.Begin + entry.Length);
            }
            if (end < fileLength) throw SafetensorsHeader.Damaged(file, end, $"{fileLength - end} bytes after the last tensor belong to no tensor");
        }

        /// <summary>The next name in the object; <see langword="null"/> at its end.</summary>
        string? NextName() => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

        void Expect(JsonTokenType token, string otherwise)
        {
            if (!reader.Read() || reader.TokenType != token) throw Damaged(otherwise);
        }

        readonly InvalidDataException Damaged(string what) => SafetensorsHeader.Damaged(file, Prefix + reader.TokenStartIndex, what);
    }
}
