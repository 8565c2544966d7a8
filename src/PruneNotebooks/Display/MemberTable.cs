using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Display;

/// <summary>Objects as tables of their properties: for types that have neither a picture nor a text of their own.</summary>
static class MemberTable
{
    const int LongestText = 160, MostItems = 8, Deepest = 2;

    /// <summary>A property in each row.</summary>
    public static Table Of(object value) => Table
        .Of(Properties(value.GetType()), ("property", property => property.Name), ("value", property => Value(property, value)))
        .Titled(value.GetType().Name);

    /// <summary>An item in each row, a property in each column.</summary>
    public static Table Of(IEnumerable values, Type type)
    {
        List<object> items = [.. values.Cast<object?>().OfType<object>()];
        return items.Count == 0
            ? new Table([], []).Titled("nothing")
            : Table.Of(items, [.. Properties(type).Select(property => (property.Name, (Func<object, object?>)(item => Value(property, item))))]);
    }

    /// <summary>Whether someone wrote what a type prints as; what the compiler writes for records is hard to read.</summary>
    public static bool HasTextOfItsOwn(Type type) => type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance, []) is { } text
        && text.DeclaringType!.Assembly == type.Assembly && text.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0);

    static string Value(PropertyInfo property, object owner, int depth = 0)
    {
        try
        {
            return Text(property.GetValue(owner), depth);
        }
        catch (TargetInvocationException e)
        {
            return $"({e.InnerException!.Message})";
        }
    }

    static string Text(object? value, int depth)
    {
        string text = value switch
        {
            torch.Tensor tensor => TensorSummary.Of(tensor).Split('\n')[0],
            string given => given,
            ITokenPruner pruner => MethodText.Short(pruner),
            ICollection { Count: > MostItems } items => $"{items.Count} items",
            IEnumerable items and not ICollection => items.Cast<object?>().Take(MostItems + 1).Count() > MostItems ? "many items" : Join(items),
            IEnumerable items => Join(items),
            { } owner when owner.GetType() is { IsEnum: false } type && type.Assembly == typeof(MemberTable).Assembly && !HasTextOfItsOwn(type) =>
                depth == Deepest ? type.Name : string.Join(", ", Properties(type).Select(property => $"{property.Name} {Value(property, owner, depth + 1)}")),
            _ => Table.CellText(value),
        };
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestText ? text : $"{text[..LongestText]}…";

        string Join(IEnumerable items) => string.Join(", ", items.Cast<object?>().Select(item => Text(item, depth)));
    }
}
