using System.Text.Json;
using System.Text.Unicode;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The fields of a JSON configuration file, or of an object inside it; says file and field when one is not what it should be.</summary>
/// <remarks>A field that is null counts as absent, as in the reference library.</remarks>
internal sealed class ConfigFields
{
    readonly string file, prefix;
    readonly JsonElement json;

    ConfigFields(string file, string prefix, JsonElement json) => (this.file, this.prefix, this.json) = (file, prefix, json);

    /// <summary>An object that leaves everything out.</summary>
    public static ConfigFields Empty { get; } = new("", "", JsonElement.Parse("{}"));

    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static ConfigFields Open(string file)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"'{file}' does not exist; a model folder has this file.", file);
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            if (!Utf8.IsValid(bytes)) throw new InvalidDataException($"'{file}' is not JSON: it is not UTF-8 text.");
            using var document = JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(file, "", document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a name that is not valid Unicode
        {
            throw new InvalidDataException($"'{file}' is not JSON: {e.Message}", e);
        }
        throw new InvalidDataException($"'{file}' is not a JSON object.");
    }

    /// <summary>The object of that name, without a field if it is absent.</summary>
    public ConfigFields SectionOrEmpty(string name) => Section(name) ?? new(file, $"{prefix}{name}.", JsonElement.Parse("{}"));

    /// <summary>The texts in the object of that name, which must be there.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        var section = Section(name) ?? throw Wrong(name, "an object");
        return section.json.EnumerateObject().ToDictionary(field => field.Name, field => section.Text(field.Name) ?? throw section.Wrong(field.Name, "a text"));
    }

    /// <summary>The objects in the list of that name; <see langword="null"/> if absent.</summary>
    public IReadOnlyList<ConfigFields>? Sections(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object) =>
            [.. list.EnumerateArray().Select((item, i) => new ConfigFields(file, $"{prefix}{name}[{i}].", item))],
        _ => throw Wrong(name, "a list of objects"),
    };

    /// <summary>All names in this object, with their values; for objects that are dictionaries.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> Entries() =>
        json.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value));

    /// <summary>What is in the list of that name; <see langword="null"/> if absent.</summary>
    public IEnumerable<JsonElement>? Items(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw Wrong(name, "a list"),
    };

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The object of that name; <see langword="null"/> if absent.</summary>
    public ConfigFields? Section(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } section => new(file, $"{prefix}{name}.", section),
        _ => throw Wrong(name, "an object"),
    };

    public bool IsList(string name) => Find(name) is { ValueKind: JsonValueKind.Array };

    public bool IsObject(string name) => Find(name) is { ValueKind: JsonValueKind.Object };

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => Unicode(text) ?? throw Wrong(name, "valid Unicode"),
        _ => throw Wrong(name, "a text"),
    };

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A whole number above 0.</summary>
    public int? Size(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int size) && size > 0 => size,
        _ => throw Wrong(name, "a whole number above 0"),
    };

    /// <summary>A whole number, also 0 or below.</summary>
    public int? Whole(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) => value,
        _ => throw Wrong(name, "a whole number"),
    };

    /// <summary>The side of a square: a whole number above 0, or a list of two that are equal.</summary>
    public int? Side(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array }) return Size(name);
        var sides = Numbers(name)!;
        return sides.Count == 2 && sides[0] == sides[1] && sides[0] is > 0 and <= int.MaxValue ? (int)sides[0] : throw Wrong(name, "the side of a square, in pixels");
    }

    /// <summary>A list of pairs of whole numbers above 0.</summary>
    public IReadOnlyList<(int First, int Second)>? Pairs(string name)
    {
        if (Items(name) is not { } items) return null;
        (int, int)[] pairs = [.. items.Select(item => item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
            && item.EnumerateArray().All(side => side.ValueKind == JsonValueKind.Number && side.TryGetInt32(out int size) && size > 0)
                ? (item[0].GetInt32(), item[1].GetInt32())
                : throw Wrong(name, "a list of pairs of whole numbers above 0"))];
        return pairs.Length > 0 ? pairs : throw Wrong(name, "a list of pairs of whole numbers above 0, not an empty one");
    }

    /// <summary>How often the value of a field fits into a size that another field says.</summary>
    /// <param name="size">What is divided.</param>
    /// <param name="by">The value of the field.</param>
    /// <param name="name">The field that gave it.</param>
    /// <param name="exact">Whether nothing may be left over.</param>
    public int Divided(int size, int by, string name = "num_attention_heads", bool exact = true) =>
        size >= by && (!exact || size % by == 0) ? size / by : throw Wrong(name, exact ? $"a divisor of {size}" : $"at most {size}");

    /// <summary>A list of that many finite numbers.</summary>
    public IReadOnlyList<double>? Reals(string name, int count)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == count
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double x) && double.IsFinite(x))
            ? [.. value.EnumerateArray().Select(item => item.GetDouble())]
            : throw Wrong(name, $"a list of {count} numbers");
    }

    /// <summary>A finite number above 0.</summary>
    public double? Positive(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out double value) && value > 0 && double.IsFinite(value) => value,
        _ => throw Wrong(name, "a number above 0"),
    };

    /// <summary>The id of a token: a whole number from 0 on.</summary>
    public long? Token(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long token) && token >= 0 => token,
        _ => throw Wrong(name, "a token id (a whole number from 0 on)"),
    };

    /// <summary>The id of a token, or a list of some; an empty list too.</summary>
    public IReadOnlyList<long>? Tokens(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0) return [];
        var tokens = Numbers(name);
        return tokens is null || tokens.All(token => token >= 0) ? tokens : throw Wrong(name, "token ids (whole numbers from 0 on)");
    }

    /// <summary>One whole number, or a list of some.</summary>
    public IReadOnlyList<long>? Numbers(string name)
    {
        if (Find(name) is not { } value) return null;
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return items.Length > 0 && items.All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _))
            ? [.. items.Select(item => item.GetInt64())]
            : throw Wrong(name, "a whole number or a list of whole numbers");
    }

    /// <summary>The type that weights are stored in: <c>dtype</c>, or <c>torch_dtype</c> as it was called before.</summary>
    public ScalarType? StoredType()
    {
        string name = Has("dtype") ? "dtype" : "torch_dtype";
        return Text(name)?.Replace("torch.", "", StringComparison.Ordinal) switch
        {
            null or "auto" => null,
            "float16" => ScalarType.Float16,
            "bfloat16" => ScalarType.BFloat16,
            "float32" => ScalarType.Float32,
            "float64" => ScalarType.Float64,
            _ => throw Unsupported(name, "float16, bfloat16, float32, float64"),
        };
    }

    /// <summary>A text that must be one of those that this library implements.</summary>
    public string OneOf(string name, string absent, params ReadOnlySpan<string> supported)
    {
        string text = Text(name) ?? absent;
        return supported.Contains(text) ? text : throw Unsupported(name, string.Join(", ", supported!));
    }

    /// <summary>Refuses a file that asks for something that would change what the model computes.</summary>
    public void Refuse(string name, string meaning)
    {
        if (Has(name)) throw new NotSupportedException($"'{file}': field '{prefix}{name}' asks for {meaning}, which is not supported.");
    }

    /// <summary>That a field is missing, or holds something else than what was expected.</summary>
    public InvalidDataException Wrong(string name, string expected) => new(Find(name) is { } value
        ? $"'{file}': field '{prefix}{name}' is {Shown(value)}; expected {expected}."
        : $"'{file}': field '{prefix}{name}' is missing; expected {expected}.");

    /// <summary>That a field asks for something that this library does not do.</summary>
    public NotSupportedException Unsupported(string name, string supported) =>
        new($"'{file}': field '{prefix}{name}' is {(Find(name) is { } value ? Shown(value) : "missing")}, which is not supported. Supported: {supported}.");

    JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The value of a text; <see langword="null"/> if it is not valid Unicode.</summary>
    public static string? Unicode(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            return null;
        }
    }

    static string Shown(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "...";
    }
}
