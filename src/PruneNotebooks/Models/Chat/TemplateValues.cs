using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PruneNotebooks.Models.Chat;

/// <summary>Values of a template behave as in Python: null, bool, long, double, string, lists, dictionaries.</summary>
static class TemplateValues
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool b => b,
        long n => n != 0,
        double x => x != 0,
        string s => s.Length > 0,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> fields => fields.Count > 0,
        _ => true,
    };

    /// <summary>As Python's <c>str()</c>.</summary>
    public static string Print(object? value) => value switch
    {
        null => "None",
        Undefined => "",
        string s => s,
        bool b => b ? "True" : "False",
        long n => n.ToString(CultureInfo.InvariantCulture),
        double x when x == Math.Floor(x) && Math.Abs(x) < 1e16 => x.ToString("F1", CultureInfo.InvariantCulture),
        double x => x.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new TemplateFailure($"{Kind(value)} cannot be printed"),
    };

    /// <summary>As Python's <c>json.dumps</c>, with all characters as they are.</summary>
    public static string ToJson(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        long or double => Print(value),
        string s => JsonSerializer.Serialize(s, Json),
        List<object?> list => $"[{string.Join(", ", list.Select(ToJson))}]",
        Dictionary<string, object?> fields => $"{{{string.Join(", ", fields.Select(f => $"{ToJson(f.Key)}: {ToJson(f.Value)}"))}}}",
        _ => throw new TemplateFailure($"{Kind(value)} cannot be written as JSON"),
    };

    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (string x, string y) => x == y,
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => AreEqual(pair.First, pair.Second)),
        (Dictionary<string, object?> x, Dictionary<string, object?> y) =>
            x.Count == y.Count && x.All(field => y.TryGetValue(field.Key, out object? other) && AreEqual(field.Value, other)),
        (Undefined, Undefined) => true,
        _ => Number(a) is { } p && Number(b) is { } q ? p == q : ReferenceEquals(a, b),
    };

    public static int Compare(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => string.CompareOrdinal(x, y),
        _ when Number(a) is { } x && Number(b) is { } y => x.CompareTo(y),
        _ => throw new TemplateFailure($"{Kind(a)} and {Kind(b)} cannot be ordered"),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text when item is string part => text.Contains(part, StringComparison.Ordinal),
        Dictionary<string, object?> fields => item is string name && fields.ContainsKey(name),
        List<object?> list => list.Any(entry => AreEqual(entry, item)),
        Undefined => false,
        _ => throw new TemplateFailure($"{Kind(item)} cannot be looked for in {Kind(container)}"),
    };

    /// <summary>What a loop goes through: items, characters, or the names of fields.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        Dictionary<string, object?> fields => [.. fields.Keys],
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        Undefined => [],
        _ => throw new TemplateFailure($"{Kind(value)} has no items"),
    };

    public static double? Number(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        long n => n,
        double x => x,
        _ => null,
    };

    public static long Integer(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        long n => n,
        _ => throw new TemplateFailure($"{Kind(value)} stands where an integer is expected"),
    };

    public static string Text(object? value) =>
        value as string ?? throw new TemplateFailure($"{Kind(value)} stands where a text is expected");

    public static string Kind(object? value) => value switch
    {
        null => "none",
        Undefined missing => $"\"{missing.Name}\", which is undefined,",
        bool => "a boolean",
        long => "an integer",
        double => "a number",
        string => "a text",
        List<object?> => "a list",
        Dictionary<string, object?> => "an object",
        Namespace => "a namespace",
        _ => "a function",
    };
}
