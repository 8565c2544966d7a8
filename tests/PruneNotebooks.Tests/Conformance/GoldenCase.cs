using System.Globalization;
using System.Text.Json;
using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>One golden file: what went into a method's official code, and what came out. Tensors belong to the dispose scope of the reader.</summary>
sealed class GoldenCase
{
    const string Prefix = "expect.";

    readonly Dictionary<string, Tensor> tensors;
    readonly JsonElement parameters;

    GoldenCase(SafetensorsFile file)
    {
        tensors = file.Tensors.Keys.Where(name => !name.StartsWith("note.", StringComparison.Ordinal)).ToDictionary(name => name, name => file.Read(name));
        parameters = JsonElement.Parse(file.Metadata.GetValueOrDefault("params", "{}"));
        (Method, Op) = (file.Metadata["method"], file.Metadata["op"]);
        Tolerance = double.Parse(file.Metadata["tolerance"], CultureInfo.InvariantCulture);
    }

    /// <summary>Slug of the method.</summary>
    public string Method { get; }

    /// <summary>Which of its operations.</summary>
    public string Op { get; }

    /// <summary>How far floats may differ: <c>tolerance * max(1, |expected|)</c>.</summary>
    public double Tolerance { get; }

    /// <summary>The expected outputs, by name without <c>expect.</c></summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Expected => tensors
        .Where(tensor => tensor.Key.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(tensor => KeyValuePair.Create(tensor.Key[Prefix.Length..], tensor.Value));

    /// <summary>Reads a file.</summary>
    public static GoldenCase Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return new GoldenCase(file);
    }

    /// <summary>The slug of a file's method and its operation, from its header alone.</summary>
    public static (string Method, string Op) OperationOf(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return (file.Metadata["method"], file.Metadata["op"]);
    }

    /// <summary>An input.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>Whether there is such an input.</summary>
    public bool Has(string name) => tensors.ContainsKey(name);

    /// <summary>The numbers of a small int64 input.</summary>
    public int[] Ints(string name) => Array.ConvertAll(this[name].data<long>().ToArray(), number => checked((int)number));

    /// <summary>A parameter; <see langword="null"/> if it is absent or null.</summary>
    public double? Number(string name) =>
        parameters.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetDouble() : null;

    /// <summary>A parameter that must be there.</summary>
    public double Double(string name) => Number(name) ?? throw new KeyNotFoundException($"The case has no parameter '{name}'; it has {parameters}.");

    /// <summary>A whole parameter that must be there.</summary>
    public int Int(string name) => checked((int)Double(name));

    /// <summary>A parameter that is a list of numbers.</summary>
    public double[] Numbers(string name) => [.. parameters.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>A parameter that is a word; <see langword="null"/> if it is absent or null.</summary>
    public string? Word(string name) => parameters.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>Whether a parameter is true; false if it is absent, unless said otherwise.</summary>
    public bool Flag(string name, bool absent = false) => parameters.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True : absent;

    /// <summary>The items of a parameter that is a list.</summary>
    public IEnumerable<JsonElement> Items(string name) => parameters.GetProperty(name).EnumerateArray();

    /// <summary>A parameter that is a word and must be there.</summary>
    public string Text(string name) => parameters.GetProperty(name).GetString() ?? throw new KeyNotFoundException($"The case has no parameter '{name}'; it has {parameters}.");
}
