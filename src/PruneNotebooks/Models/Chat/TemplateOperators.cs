namespace PruneNotebooks.Models.Chat;

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
