namespace PruneNotebooks.Models.Chat;

/// <summary>The variables of a template. What a loop sets is gone after each of its rounds.</summary>
sealed class Scope(Scope? outer)
{
    readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get => _variables.TryGetValue(name, out object? value) ? value : outer is null ? new Undefined(name) : outer[name];
        set => _variables[name] = value;
    }
}

/// <summary>The value of a variable, field or item that does not exist: prints nothing, is false, holds nothing.</summary>
sealed record Undefined(string Name);

/// <summary>What <c>namespace()</c> makes: an object whose fields can be set from inside a loop.</summary>
sealed class Namespace(Dictionary<string, object?> fields)
{
    public Dictionary<string, object?> Fields { get; } = fields;
}

/// <summary>What a function of a template is called with.</summary>
sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static readonly Arguments None = new([], new Dictionary<string, object?>());

    /// <summary>The argument at that place or of that name.</summary>
    public object? Get(int place, string name, object? absent = null) =>
        place < Positional.Count ? Positional[place] : Named.TryGetValue(name, out object? value) ? value : absent;
}

/// <summary>A function or method of a template. Throws <see cref="TemplateFailure"/> when the arguments do not fit.</summary>
delegate object? Function(Arguments arguments);

/// <summary>Something that cannot be computed; the expression that asked for it knows the place and says it.</summary>
sealed class TemplateFailure(string message) : Exception(message);
