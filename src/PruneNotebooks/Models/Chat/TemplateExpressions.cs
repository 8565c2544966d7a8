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

sealed record Call(Position At, Expression Target, IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named) : Expression(At)
{
    protected override object? Compute(Scope scope) => Target.Evaluate(scope) is Function function
        ? function(Arguments(scope, Positional, Named))
        : throw new TemplateFailure($"{TemplateValues.Kind(Target.Evaluate(scope))} is called, but is no function");

    public static Arguments Arguments(Scope scope, IReadOnlyList<Expression> positional, IReadOnlyList<(string Name, Expression Value)> named) =>
        new([.. positional.Select(p => p.Evaluate(scope))], named.ToDictionary(n => n.Name, n => n.Value.Evaluate(scope)));
}

/// <summary><c>value | name(arguments)</c></summary>
sealed record Filter(
    Position At, Expression Value, string Name, IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named) : Expression(At)
{
    readonly Func<object?, Arguments, object?> _filter = TemplateFunctions.Filters.GetValueOrDefault(Name) ?? throw At.Unsupported($"the filter \"{Name}\"");

    protected override object? Compute(Scope scope) => _filter(Value.Evaluate(scope), Call.Arguments(scope, Positional, Named));
}

/// <summary><c>value is name</c></summary>
sealed record Test(Position At, Expression Value, string Name, IReadOnlyList<Expression> Positional) : Expression(At)
{
    readonly Func<object?, object?, bool> _test = TemplateFunctions.Tests.GetValueOrDefault(Name) ?? throw At.Unsupported($"the test \"{Name}\"");

    protected override object? Compute(Scope scope) => _test(Value.Evaluate(scope), Positional.Count > 0 ? Positional[0].Evaluate(scope) : null);
}

sealed record Not(Position At, Expression Operand) : Expression(At)
{
    protected override object? Compute(Scope scope) => !TemplateValues.IsTrue(Operand.Evaluate(scope));
}

sealed record Negative(Position At, Expression Operand) : Expression(At)
{
    protected override object? Compute(Scope scope) => Operand.Evaluate(scope) switch
    {
        double x => (object)-x, // each of its own type
        var value => -TemplateValues.Integer(value),
    };
}

/// <summary><c>and</c>, <c>or</c>: the value that decides.</summary>
sealed record Logic(Position At, bool IsAnd, Expression Left, Expression Right) : Expression(At)
{
    protected override object? Compute(Scope scope) =>
        Left.Evaluate(scope) is var left && TemplateValues.IsTrue(left) == IsAnd ? Right.Evaluate(scope) : left;
}

/// <summary><c>then if condition else otherwise</c></summary>
sealed record Choice(Position At, Expression Condition, Expression Then, Expression? Otherwise) : Expression(At)
{
    protected override object? Compute(Scope scope) => TemplateValues.IsTrue(Condition.Evaluate(scope))
        ? Then.Evaluate(scope)
        : Otherwise is null ? new Undefined("the missing else") : Otherwise.Evaluate(scope);
}

/// <summary><c>first == a &lt; b not in c</c>: all neighbours must compare so.</summary>
sealed record Comparison(Position At, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        object? left = First.Evaluate(scope);
        foreach (var (symbol, operand) in Rest)
        {
            object? right = operand.Evaluate(scope);
            if (!Holds(left, symbol, right))
                return false;
            left = right;
        }
        return true;
    }

    static bool Holds(object? left, string symbol, object? right) => symbol switch
    {
        "==" => TemplateValues.AreEqual(left, right),
        "!=" => !TemplateValues.AreEqual(left, right),
        "<" => TemplateValues.Compare(left, right) < 0,
        "<=" => TemplateValues.Compare(left, right) <= 0,
        ">" => TemplateValues.Compare(left, right) > 0,
        ">=" => TemplateValues.Compare(left, right) >= 0,
        "in" => TemplateValues.Contains(right, left),
        _ => !TemplateValues.Contains(right, left),
    };
}

/// <summary><c>+ - * / // % ~</c></summary>
sealed record Arithmetic(Position At, string Operator, Expression Left, Expression Right) : Expression(At)
{
    protected override object? Compute(Scope scope)
    {
        object? left = Left.Evaluate(scope), right = Right.Evaluate(scope);
        return (Operator, left, right) switch
        {
            ("~", _, _) => TemplateValues.Print(left) + TemplateValues.Print(right),
            ("+", string a, string b) => a + b,
            ("+", List<object?> a, List<object?> b) => new List<object?>([.. a, .. b]),
            ("*", string a, long n) => string.Concat(Enumerable.Repeat(a, (int)Math.Clamp(n, 0, 1_000_000))),
            (not "/", bool or long, bool or long) => Integers(TemplateValues.Integer(left), TemplateValues.Integer(right)),
            _ when TemplateValues.Number(left) is { } a && TemplateValues.Number(right) is { } b => Numbers(a, b),
            _ => throw new TemplateFailure($"{TemplateValues.Kind(left)} {Operator} {TemplateValues.Kind(right)} makes no sense"),
        };
    }

    long Integers(long a, long b) => Operator switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ when b == 0 => throw new TemplateFailure("something is divided by zero"),
        "//" => (long)Math.Floor((double)a / b),
        _ => ((a % b) + b) % b, // the sign of the divisor, as in Python
    };

    double Numbers(double a, double b) => Operator switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ when b == 0 => throw new TemplateFailure("something is divided by zero"),
        "/" => a / b,
        "//" => Math.Floor(a / b),
        _ => a - b * Math.Floor(a / b),
    };
}
