using System.Globalization;
using System.Reflection;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>A method in words: its name, and its options where they matter.</summary>
static class MethodText
{
    static readonly Dictionary<Type, PruningMethod> Known = MethodCatalogue.All
        .GroupBy(method => method.Create().GetType()).ToDictionary(type => type.Key, type => type.First());

    /// <summary>The name that the catalogue gives it, or that of its type.</summary>
    public static string Name(ITokenPruner pruner) => Known.TryGetValue(pruner.GetType(), out var method) ? method.Name : pruner.GetType().Name;

    /// <summary>The name, and the options that are not the paper's: "HiPrune (Alpha 0.2)".</summary>
    public static string Short(ITokenPruner pruner)
    {
        var defaults = Known.GetValueOrDefault(pruner.GetType())?.Create();
        string changed = string.Join(", ", Options(pruner).Where(option => defaults is null || !Equals(option.GetValue(pruner), option.GetValue(defaults))).Select(option => Text(pruner, option)));
        return changed.Length == 0 ? Name(pruner) : $"{Name(pruner)} ({changed})";
    }

    /// <summary>Name and paper, all options, and what the method looks at, a line for each.</summary>
    public static string Long(ITokenPruner pruner)
    {
        string paper = Known.GetValueOrDefault(pruner.GetType()) is { ArXiv: { } id } method ? $", arXiv {id}{(method.Venue is { } venue ? $", {venue}" : "")}" : "";
        string options = string.Join(", ", Options(pruner).Select(option => Text(pruner, option)));
        return $"{Name(pruner)}{paper}{(options.Length > 0 ? $"\noptions: {options}" : "")}\nlooks at: {pruner.Needs}";
    }

    /// <summary>What can be set with an initialiser.</summary>
    static IEnumerable<PropertyInfo> Options(ITokenPruner pruner) =>
        pruner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property is { CanRead: true, CanWrite: true });

    static string Text(ITokenPruner pruner, PropertyInfo option) =>
        string.Create(CultureInfo.InvariantCulture, $"{option.Name} {option.GetValue(pruner) ?? "none"}");
}
