using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Bench;

/// <summary>A name for a plan that differs when anything differs that may change an answer: options, and the code itself.</summary>
static class PlanKey
{
    const int Deepest = 8;

    /// <summary>The name.</summary>
    public static string Of(PruningPlan plan) => plan.Steps.Count == 0 ? "all tokens" :
        $"{string.Join(" > ", plan.Steps.Select(step => $"{step.Stage}: {Text(step.Pruner)} {Build(step.Pruner.GetType())} keeps {step.Budget}"))} ({plan.Positions})";

    /// <summary>Which build of its code a type comes from; builds of the same source have the same.</summary>
    public static string Build(Type type) => $"{type.Module.ModuleVersionId:N}"[..8];

    // A method, its options, and the options of the parts of which it is made; a method's own text may leave them out.
    static string Text(object? value, int depth = 0) => value switch
    {
        null => "none",
        string text => text,
        Type type => type.Name,
        ValueType plain and not IFormattable => $"{plain}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        Delegate function => $"{function.Method.DeclaringType}.{function.Method.Name} {Build(function.Method.DeclaringType ?? typeof(PlanKey))}{(depth < Deepest ? Captured(function.Target, depth + 1) : "")}",
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(item => Text(item, depth + 1)))}]",
        _ when depth >= Deepest => $"{value}",
        _ => Options(value) is { Count: > 0 } options ? $"{value.GetType().Name} {{{string.Join(", ", options.Select(option => $"{option.Name} {Text(option.GetValue(value), depth + 1)}"))}}}" : value.GetType().Name,
    };

    // What a lambda took along from where it was written, such as the number by which a score is multiplied.
    static string Captured(object? closure, int depth) => closure?.GetType() is { } type && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        ? string.Concat(type.GetFields().Where(field => !field.IsStatic && !field.Name.StartsWith('<')).Select(field => $" ({field.Name} {Text(field.GetValue(closure), depth)})"))
        : "";

    static List<PropertyInfo> Options(object value) =>
        [.. value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(option => option is { CanRead: true, CanWrite: true } && option.GetIndexParameters().Length == 0)];
}
