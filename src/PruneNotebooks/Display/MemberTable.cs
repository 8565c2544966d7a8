using System.Collections;
using System.Reflection;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Display;

/// <summary>An object as a table of its properties: for types that have neither a picture nor a text of their own.</summary>
static class MemberTable
{
    const int LongestText = 160, MostItems = 8;

    public static Table Of(object value) => Table
        .Of(value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanRead && property.GetIndexParameters().Length == 0),
            ("property", property => property.Name), ("value", property => Value(property, value)))
        .Titled(value.GetType().Name);

    static string Value(PropertyInfo property, object owner)
    {
        try
        {
            return Text(property.GetValue(owner));
        }
        catch (TargetInvocationException e)
        {
            return $"({e.InnerException!.Message})";
        }
    }

    static string Text(object? value)
    {
        string text = value switch
        {
            torch.Tensor tensor => TensorSummary.Of(tensor).Split('\n')[0],
            string given => given,
            ITokenPruner pruner => MethodText.Short(pruner),
            ICollection { Count: > MostItems } items => $"{items.Count} items",
            IEnumerable items and not ICollection => items.Cast<object?>().Take(MostItems + 1).Count() > MostItems ? "many items" : Join(items),
            IEnumerable items => Join(items),
            _ => Table.CellText(value),
        };
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestText ? text : $"{text[..LongestText]}…";

        static string Join(IEnumerable items) => string.Join(", ", items.Cast<object?>().Select(Text));
    }
}
