using System.Reflection;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>Marks a static method <c>Outputs Name(GoldenCase)</c> that maps the golden names of one operation of one method to our API.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class AdapterAttribute(string method, string op) : Attribute
{
    public string Method { get; } = method;

    public string Op { get; } = op;
}

/// <summary>All adapters of this assembly.</summary>
static class Adapters
{
    static readonly Dictionary<(string Method, string Op), Func<GoldenCase, Outputs>> All = (
        from type in typeof(Adapters).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        from adapter in method.GetCustomAttributes<AdapterAttribute>()
        select (Key: (adapter.Method, adapter.Op), Run: method.CreateDelegate<Func<GoldenCase, Outputs>>())).ToDictionary(a => a.Key, a => a.Run);

    /// <summary>The operations that have an adapter.</summary>
    public static IReadOnlyCollection<(string Method, string Op)> Operations => All.Keys;

    /// <summary>The adapter of an operation.</summary>
    public static Func<GoldenCase, Outputs> Of(string method, string op) => All.TryGetValue((method, op), out var run) ? run : throw new Xunit.Sdk.XunitException(
        $"There is no adapter for '{op}' of {method}. Write one in Conformance/Adapters; what is not implemented at all is listed in Conformance/NotImplemented.cs.");
}
