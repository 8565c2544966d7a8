namespace PruneNotebooks.Models.Chat;

/// <summary>An expression of a template.</summary>
abstract record Expression(Position At)
{
    /// <exception cref="InvalidOperationException">The values do not fit; the message says where and why.</exception>
    public object? Evaluate(Scope scope)
    {
        try
        {
            return Compute(scope);
        }
        catch (TemplateFailure failure)
        {
            throw At.Failed(failure.Message);
        }
    }

    protected abstract object? Compute(Scope scope);
}

sealed record Constant(Position At, object? Value) : Expression(At)
{
    protected override object? Compute(Scope scope) => Value;
}

sealed record Variable(Position At, string Name) : Expression(At)
{
    protected override object? Compute(Scope scope) => scope[Name];
}

sealed record ListLiteral(Position At, IReadOnlyList<Expression> Items) : Expression(At)
{
    protected override object? Compute(Scope scope) => Items.Select(item => item.Evaluate(scope)).ToList();
}

sealed record ObjectLiteral(Position At, IReadOnlyList<(Expression Name, Expression Value)> Fields) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Fields)
            fields[TemplateValues.Text(name.Evaluate(scope))] = value.Evaluate(scope);
        return fields;
    }
}

/// <summary><c>target.name</c></summary>
sealed record Member(Position At, Expression Target, string Name) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        object? target = Target.Evaluate(scope);
        return TemplateMethods.Find(target, Name) ?? TemplateMethods.Field(target, Name);
    }
}

/// <summary><c>target[index]</c></summary>
sealed record Item(Position At, Expression Target, Expression Index) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        object? target = Target.Evaluate(scope), index = Index.Evaluate(scope);
        if (index is string name)
            return TemplateMethods.Field(target, name);
        var items = TemplateValues.Items(target);
        long at = TemplateValues.Integer(index);
        at = at < 0 ? at + items.Count : at;
        return at >= 0 && at < items.Count ? items[(int)at] : new Undefined($"[{index}]");
    }
}

/// <summary><c>target[start:stop:step]</c></summary>
sealed record Slice(Position At, Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        object? target = Target.Evaluate(scope);
        var items = TemplateValues.Items(target);
        long step = Bound(Step, scope) ?? 1, count = items.Count;
        if (step == 0)
            throw new TemplateFailure("a slice with step 0 goes nowhere");
        // As in Python: negative bounds count from the end, bounds beyond the ends are moved to them.
        long lowest = step > 0 ? 0 : -1, highest = step > 0 ? count : count - 1;
        long start = Place(Bound(Start, scope), absent: step > 0 ? lowest : highest);
        long stop = Place(Bound(Stop, scope), absent: step > 0 ? highest : lowest);
        var result = new List<object?>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step)
            result.Add(items[(int)i]);
        return target is string ? string.Concat(result) : result;

        long Place(long? bound, long absent) => bound is not { } b ? absent : Math.Clamp(b < 0 ? b + count : b, lowest, highest);
    }

    static long? Bound(Expression? bound, Scope scope) => bound?.Evaluate(scope) is { } value ? TemplateValues.Integer(value) : null;
}

/// <summary>What a function, filter or test is called with, not yet computed.</summary>
sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static readonly ArgumentList None = new([], []);

    public Arguments Evaluate(Scope scope) =>
        new([.. Positional.Select(p => p.Evaluate(scope))], Named.ToDictionary(n => n.Name, n => n.Value.Evaluate(scope)));
}

/// <summary><c>target(arguments)</c></summary>
sealed record Call(Position At, Expression Target, ArgumentList Arguments) : Expression(At)
{
    protected override object? Compute(Scope scope) => Target.Evaluate(scope) switch
    {
        Function function => function(Arguments.Evaluate(scope)),
        var value => throw new TemplateFailure($"{TemplateValues.Kind(value)} is called, but is no function"),
    };
}

/// <summary><c>value | name(arguments)</c></summary>
sealed record Filter(Position At, Expression Value, string Name, ArgumentList Arguments) : Expression(At)
{
    readonly Func<object?, Arguments, object?> _filter =
        TemplateFunctions.Filters.GetValueOrDefault(Name) ?? throw At.Unsupported($"the filter \"{Name}\"");

    protected override object? Compute(Scope scope) => _filter(Value.Evaluate(scope), Arguments.Evaluate(scope));
}

/// <summary><c>value is name(argument)</c></summary>
sealed record Test(Position At, Expression Value, string Name, ArgumentList Arguments) : Expression(At)
{
    readonly Func<object?, object?, bool> _test =
        TemplateFunctions.Tests.GetValueOrDefault(Name) ?? throw At.Unsupported($"the test \"{Name}\"");

    protected override object? Compute(Scope scope) => _test(Value.Evaluate(scope), Arguments.Evaluate(scope).Get(0, "other"));
}
