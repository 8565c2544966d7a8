using System.Text;

namespace PruneNotebooks.Models.Chat;

/// <summary>A part of a template that writes something.</summary>
abstract record TemplateNode
{
    public virtual IEnumerable<TemplateNode> Children => [];

    public IEnumerable<TemplateNode> Descendants() => Children.SelectMany(child => child.Descendants().Prepend(child));

    public abstract void Render(Scope scope, StringBuilder output);
}

sealed record TextNode(string Text) : TemplateNode
{
    public override void Render(Scope scope, StringBuilder output) => output.Append(Text);
}

/// <summary><c>{{ value }}</c></summary>
sealed record OutputNode(Expression Value) : TemplateNode
{
    public override void Render(Scope scope, StringBuilder output)
    {
        object? value = Value.Evaluate(scope);
        try
        {
            output.Append(TemplateValues.Print(value));
        }
        catch (TemplateFailure failure)
        {
            throw Value.At.Failed(failure.Message);
        }
    }
}

sealed record Block(IReadOnlyList<TemplateNode> Parts) : TemplateNode
{
    public override IEnumerable<TemplateNode> Children => Parts;

    public override void Render(Scope scope, StringBuilder output)
    {
        foreach (var part in Parts)
            part.Render(scope, output);
    }
}

/// <summary><c>{% if condition %} ... {% else %} ...</c>; an <c>elif</c> is an if inside the else.</summary>
sealed record IfNode(Expression Condition, TemplateNode Then, TemplateNode Otherwise) : TemplateNode
{
    public override IEnumerable<TemplateNode> Children => [Then, Otherwise];

    public override void Render(Scope scope, StringBuilder output) =>
        (TemplateValues.IsTrue(Condition.Evaluate(scope)) ? Then : Otherwise).Render(scope, output);
}

/// <summary><c>{% set name = value %}</c>, or with <c>name.field</c> a field of a namespace.</summary>
sealed record SetNode(Position At, string Name, string? Field, Expression Value) : TemplateNode
{
    public override void Render(Scope scope, StringBuilder output)
    {
        if (Field is null)
            scope[Name] = Value.Evaluate(scope);
        else if (scope[Name] is Namespace target)
            target.Fields[Field] = Value.Evaluate(scope);
        else
            throw At.Failed($"{TemplateValues.Kind(scope[Name])} has no fields that can be set; only what namespace() makes has");
    }
}

/// <summary><c>{% for names in items if condition %} body {% else %} ...</c></summary>
sealed record ForNode(IReadOnlyList<string> Names, Expression Items, Expression? Condition, TemplateNode Body, TemplateNode Otherwise)
    : TemplateNode
{
    public override IEnumerable<TemplateNode> Children => [Body, Otherwise];

    /// <summary>Whether the loop goes through the parts of a message, filtered or not.</summary>
    public bool IteratesContent => IsContent(Items);

    static bool IsContent(Expression items) => items switch
    {
        Filter filter => IsContent(filter.Value),
        Variable { Name: "content" } or Member { Name: "content" } or Item { Index: Constant { Value: "content" } } => true,
        _ => false,
    };

    public override void Render(Scope scope, StringBuilder output)
    {
        var rounds = Rounds(scope);
        for (int i = 0; i < rounds.Count; i++)
        {
            rounds[i].Scope["loop"] = Loop(rounds, i);
            Body.Render(rounds[i].Scope, output);
        }
        if (rounds.Count == 0)
            Otherwise.Render(scope, output);
    }

    List<(object? Item, Scope Scope)> Rounds(Scope scope)
    {
        var rounds = new List<(object?, Scope)>();
        foreach (object? item in ItemsOf(scope))
        {
            var inner = new Scope(scope);
            Bind(inner, item);
            if (Condition is null || TemplateValues.IsTrue(Condition.Evaluate(inner)))
                rounds.Add((item, inner));
        }
        return rounds;
    }

    List<object?> ItemsOf(Scope scope)
    {
        object? items = Items.Evaluate(scope);
        try
        {
            return [.. TemplateValues.Items(items)];
        }
        catch (TemplateFailure failure)
        {
            throw Items.At.Failed(failure.Message);
        }
    }

    void Bind(Scope scope, object? item)
    {
        if (Names is [var name])
        {
            scope[name] = item;
            return;
        }
        if (item is not List<object?> parts || parts.Count != Names.Count)
            throw Items.At.Failed($"{TemplateValues.Kind(item)} cannot be taken apart into {string.Join(", ", Names)}");
        for (int i = 0; i < parts.Count; i++)
            scope[Names[i]] = parts[i];
    }

    static Dictionary<string, object?> Loop(List<(object? Item, Scope Scope)> rounds, int i) => new(StringComparer.Ordinal)
    {
        ["index"] = i + 1L,
        ["index0"] = (long)i,
        ["revindex"] = (long)rounds.Count - i,
        ["revindex0"] = rounds.Count - i - 1L,
        ["first"] = i == 0,
        ["last"] = i == rounds.Count - 1,
        ["length"] = (long)rounds.Count,
        ["previtem"] = i > 0 ? rounds[i - 1].Item : new Undefined("loop.previtem"),
        ["nextitem"] = i + 1 < rounds.Count ? rounds[i + 1].Item : new Undefined("loop.nextitem"),
    };
}
