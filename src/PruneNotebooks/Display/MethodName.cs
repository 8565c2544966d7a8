using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>What to call a method in a title: the name that the catalogue gives it, or that of its type; without its options.</summary>
static class MethodName
{
    static readonly Dictionary<Type, string> Names = MethodCatalogue.All.DistinctBy(method => method.Create().GetType()).ToDictionary(method => method.Create().GetType(), method => method.Name);

    public static string Of(ITokenPruner pruner) => Names.GetValueOrDefault(pruner.GetType()) ?? pruner.GetType().Name;
}
