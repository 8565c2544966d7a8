using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>What to call a method in a title: the name of its type, without the options that a record's text lists.</summary>
static class MethodName
{
    public static string Of(ITokenPruner pruner) => pruner.GetType().Name;
}
