using static PruneNotebooks.Models.Chat.TemplateValues;

namespace PruneNotebooks.Models.Chat;

/// <summary>The methods and fields of values: those of Python's texts and dictionaries that templates use.</summary>
static class TemplateMethods
{
    static readonly Dictionary<string, Func<string, Arguments, object?>> OfTexts = new(StringComparer.Ordinal)
    {
        ["upper"] = (text, _) => text.ToUpperInvariant(),
        ["lower"] = (text, _) => text.ToLowerInvariant(),
        ["capitalize"] = (text, _) => Capitalize(text),
        ["title"] = (text, _) => Title(text),
        ["strip"] = (text, arguments) => Characters(arguments) is { } chars ? text.Trim(chars) : text.Trim(),
        ["lstrip"] = (text, arguments) => Characters(arguments) is { } chars ? text.TrimStart(chars) : text.TrimStart(),
        ["rstrip"] = (text, arguments) => Characters(arguments) is { } chars ? text.TrimEnd(chars) : text.TrimEnd(),
        ["startswith"] = (text, arguments) => Any(arguments.Get(0, "prefix"), prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments) => Any(arguments.Get(0, "suffix"), suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        ["replace"] = Replace,
        ["split"] = (text, arguments) => Split(text, arguments.Get(0, "sep"), arguments.Get(1, "maxsplit")),
        ["join"] = (text, arguments) => string.Join(text, Items(arguments.Get(0, "iterable")).Select(Text)),
        ["find"] = (text, arguments) => (long)text.IndexOf(Text(arguments.Get(0, "sub")), StringComparison.Ordinal),
    };

    static readonly Dictionary<string, Func<Dictionary<string, object?>, Arguments, object?>> OfObjects = new(StringComparer.Ordinal)
    {
        ["items"] = (fields, _) => fields.Select(field => (object?)new List<object?> { field.Key, field.Value }).ToList(),
        ["keys"] = (fields, _) => fields.Keys.Select(name => (object?)name).ToList(),
        ["values"] = (fields, _) => fields.Values.ToList(),
        ["get"] = (fields, arguments) => fields.GetValueOrDefault(Text(arguments.Get(0, "key")), arguments.Get(1, "default")),
    };

    /// <summary>The method of that name; none if the value has no such method.</summary>
    public static Function? Find(object? target, string name) => target switch
    {
        string text when OfTexts.TryGetValue(name, out var method) => arguments => method(text, arguments),
        Dictionary<string, object?> fields when OfObjects.TryGetValue(name, out var method) => arguments => method(fields, arguments),
        _ => null,
    };

    public static object? Call(object? target, string name, Arguments arguments) =>
        Find(target, name) is { } method ? method(arguments) : throw new TemplateFailure($"{Kind(target)} has no method \"{name}\"");

    /// <summary>The field of that name; undefined if there is no such field.</summary>
    public static object? Field(object? target, string name) => target switch
    {
        Dictionary<string, object?> fields => fields.TryGetValue(name, out object? value) ? value : new Undefined(name),
        Namespace space => space.Fields.TryGetValue(name, out object? value) ? value : new Undefined(name),
        Undefined => throw new TemplateFailure($"{Kind(target)} has no field \"{name}\""),
        string or List<object?> => throw new TemplateFailure($"the method or field \"{name}\" of {Kind(target)} is not supported"),
        _ => new Undefined(name),
    };

    static char[]? Characters(Arguments arguments) => arguments.Get(0, "chars") is { } chars ? Text(chars).ToCharArray() : null;

    static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    static string Title(string text) =>
        string.Concat(text.Select((c, i) => i > 0 && char.IsLetter(text[i - 1]) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));

    /// <summary>One text, or a list of which any may hold.</summary>
    static bool Any(object? candidates, Func<string, bool> holds) =>
        candidates is List<object?> list ? list.Any(candidate => holds(Text(candidate))) : holds(Text(candidates));

    static string Replace(string text, Arguments arguments)
    {
        string old = Text(arguments.Get(0, "old")), replacement = Text(arguments.Get(1, "new"));
        if (old.Length == 0)
            throw new TemplateFailure("replacing an empty text is not supported");
        if (arguments.Get(2, "count") is not { } count)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        string[] parts = text.Split(old, (int)Math.Clamp(Integer(count), 0, int.MaxValue - 1) + 1);
        return string.Join(replacement, parts);
    }

    static List<object?> Split(string text, object? separator, object? most)
    {
        int count = most is null || Integer(most) < 0 ? int.MaxValue : (int)Math.Min(Integer(most), int.MaxValue - 1) + 1;
        if (separator is null)
            return [.. text.Trim().Split((char[]?)null, count, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (Text(separator).Length == 0)
            throw new TemplateFailure("a text cannot be split at an empty text");
        return [.. text.Split(Text(separator), count)];
    }
}
