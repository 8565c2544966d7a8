using static PruneNotebooks.Models.Chat.TemplateValues;

namespace PruneNotebooks.Models.Chat;

/// <summary>The functions, filters and tests that templates may use.</summary>
static class TemplateFunctions
{
    /// <summary>Functions that stand for themselves.</summary>
    public static readonly Dictionary<string, Function> Globals = new(StringComparer.Ordinal)
    {
        ["namespace"] = arguments => new Namespace(new(arguments.Named, StringComparer.Ordinal)),
        ["raise_exception"] = arguments => throw new TemplateFailure($"the template refuses this: {Print(arguments.Get(0, "message"))}"),
        ["range"] = Range,
    };

    /// <summary><c>value | name(arguments)</c></summary>
    public static readonly Dictionary<string, Func<object?, Arguments, object?>> Filters = new(StringComparer.Ordinal)
    {
        ["trim"] = (value, arguments) => TemplateMethods.Call(Print(value), "strip", arguments),
        ["upper"] = (value, _) => Print(value).ToUpperInvariant(),
        ["lower"] = (value, _) => Print(value).ToLowerInvariant(),
        ["capitalize"] = (value, arguments) => TemplateMethods.Call(Print(value), "capitalize", arguments),
        ["title"] = (value, arguments) => TemplateMethods.Call(Print(value), "title", arguments),
        ["replace"] = (value, arguments) => TemplateMethods.Call(Print(value), "replace", arguments),
        ["string"] = (value, _) => Print(value),
        ["safe"] = (value, _) => value,
        ["int"] = (value, arguments) => ToInteger(value, arguments.Get(0, "default", 0L)),
        ["length"] = (value, _) => (long)Items(value).Count,
        ["count"] = (value, _) => (long)Items(value).Count,
        ["list"] = (value, _) => new List<object?>(Items(value)),
        ["first"] = (value, _) => Items(value) is [var first, ..] ? first : new Undefined("the first item of nothing"),
        ["last"] = (value, _) => Items(value) is [.., var last] ? last : new Undefined("the last item of nothing"),
        ["reverse"] = (value, _) => Reverse(value),
        ["join"] = (value, arguments) => string.Join(Print(arguments.Get(0, "d", "")), Items(value).Select(Print)),
        ["items"] = (value, arguments) => value is Undefined ? new List<object?>() : TemplateMethods.Call(value, "items", arguments),
        ["tojson"] = (value, arguments) => arguments.Get(0, "indent") is null ? ToJson(value) : throw Unsupported("tojson with indent"),
        ["default"] = Default,
        ["d"] = Default,
        ["selectattr"] = (value, arguments) => Select(value, arguments, keep: true),
        ["rejectattr"] = (value, arguments) => Select(value, arguments, keep: false),
        ["map"] = Map,
    };

    /// <summary><c>value is name</c>, <c>value is name(argument)</c></summary>
    public static readonly Dictionary<string, Func<object?, object?, bool>> Tests = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is Dictionary<string, object?>,
        ["sequence"] = (value, _) => value is string or List<object?> or Dictionary<string, object?> or Undefined,
        ["iterable"] = (value, _) => value is string or List<object?> or Dictionary<string, object?> or Undefined,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long,
        ["number"] = (value, _) => value is bool or long or double,
        ["odd"] = (value, _) => Integer(value) % 2 != 0,
        ["even"] = (value, _) => Integer(value) % 2 == 0,
        ["divisibleby"] = (value, divisor) => Integer(value) % Integer(divisor) == 0,
        ["in"] = (value, container) => Contains(container, value),
        ["equalto"] = AreEqual,
        ["eq"] = AreEqual,
        ["=="] = AreEqual,
        ["ne"] = (value, other) => !AreEqual(value, other),
        ["!="] = (value, other) => !AreEqual(value, other),
    };

    static List<object?> Range(Arguments arguments)
    {
        long first = Integer(arguments.Get(0, "start")), step = Integer(arguments.Get(2, "step", 1L));
        var (start, stop) = arguments.Positional.Count > 1 ? (first, Integer(arguments.Positional[1])) : (0, first);
        if (step == 0)
            throw new TemplateFailure("a range with step 0 goes nowhere");
        var numbers = new List<object?>();
        for (long n = start; step > 0 ? n < stop : n > stop; n += step)
            numbers.Add(numbers.Count < 100_000 ? n : throw new TemplateFailure("a range has more than 100,000 numbers"));
        return numbers;
    }

    static TemplateFailure Unsupported(string what) => new($"{what} is not supported");

    static object Reverse(object? value)
    {
        var items = Items(value).AsEnumerable().Reverse();
        return value is string ? string.Concat(items) : items.ToList();
    }

    static object? ToInteger(object? value, object? absent) => value switch
    {
        double x => (long)x,
        string text => long.TryParse(text.Trim(), out long n) ? n : absent,
        _ => Number(value) is { } number ? (long)number : absent,
    };

    static object? Default(object? value, Arguments arguments)
    {
        bool alsoIfFalse = IsTrue(arguments.Get(1, "boolean", false));
        return value is Undefined || (alsoIfFalse && !IsTrue(value)) ? arguments.Get(0, "default_value", "") : value;
    }

    /// <summary><c>items | selectattr('type', 'equalto', 'image')</c>; without a test, those whose field is true.</summary>
    static List<object?> Select(object? items, Arguments arguments, bool keep)
    {
        string field = Text(arguments.Get(0, "attribute"));
        var test = arguments.Positional.Count < 2
            ? (value, _) => IsTrue(value)
            : Tests.GetValueOrDefault(Text(arguments.Positional[1])) ?? throw Unsupported($"the test \"{arguments.Positional[1]}\"");
        return Items(items).Where(item => test(TemplateMethods.Field(item, field), arguments.Get(2, "value")) == keep).ToList();
    }

    /// <summary><c>items | map(attribute='text')</c> or <c>items | map('upper')</c></summary>
    static List<object?> Map(object? items, Arguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out object? field))
            return Items(items).Select(item => TemplateMethods.Field(item, Text(field))).ToList();
        string name = Text(arguments.Get(0, "filter"));
        var filter = Filters.GetValueOrDefault(name) ?? throw Unsupported($"the filter \"{name}\"");
        Arguments rest = new([.. arguments.Positional.Skip(1)], arguments.Named);
        return Items(items).Select(item => filter(item, rest)).ToList();
    }
}
