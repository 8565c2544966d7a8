using System.Globalization;
using System.Reflection;
using PruneNotebooks.Parts;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>A method in words: its name, and its options where they matter.</summary>
static class MethodText
{
    static readonly Dictionary<Type, PruningMethod> Known = MethodCatalogue.All
        .GroupBy(method => method.Create().GetType()).ToDictionary(type => type.Key, type => type.First());

    /// <summary>The name that the catalogue gives it, or that of its type.</summary>
    public static string Name(ITokenPruner pruner) => Known.TryGetValue(pruner.GetType(), out var method) ? method.Name : pruner is Composition ? $"{pruner}" : pruner.GetType().Name;

    /// <summary>The name, and the options that are not the paper's: "HiPrune (Alpha 0.2)".</summary>
    public static string Short(ITokenPruner pruner)
    {
        var defaults = Known.GetValueOrDefault(pruner.GetType())?.Create();
        string changed = string.Join(", ", Settable(pruner).Where(option => defaults is null || !Equals(option.GetValue(pruner), option.GetValue(defaults))).Select(option => $"{option.Name} {Text(pruner, option)}"));
        return changed.Length == 0 ? Name(pruner) : $"{Name(pruner)} ({changed})";
    }

    /// <summary>Name and paper, all options, and what the method looks at, a line for each.</summary>
    public static string Long(ITokenPruner pruner)
    {
        string paper = Known.GetValueOrDefault(pruner.GetType()) is { ArXiv: { } id } method ? $", arXiv {id}{(method.Venue is { } venue ? $", {venue}" : "")}" : "";
        string options = string.Join(", ", Options(pruner).Select(option => $"{option.Name} {option.Value}"));
        return $"{Name(pruner)}{paper}{(options.Length > 0 ? $"\noptions: {options}" : "")}\nlooks at: {pruner.Needs}";
    }

    /// <summary>The options and their values.</summary>
    public static IReadOnlyList<(string Name, string Value)> Options(ITokenPruner pruner) => [.. Settable(pruner).Select(option => (option.Name, Text(pruner, option)))];

    /// <summary>What can be set with an initialiser.</summary>
    static IEnumerable<PropertyInfo> Settable(ITokenPruner pruner) => pruner is Composition ? [] :
        pruner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property is { CanRead: true, CanWrite: true });

    static string Text(ITokenPruner pruner, PropertyInfo option) =>
        string.Create(CultureInfo.InvariantCulture, $"{option.GetValue(pruner) ?? "none"}");
}
