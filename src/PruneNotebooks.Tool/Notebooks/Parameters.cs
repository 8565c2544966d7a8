using System.Text.Json;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// Parameters of a notebook, by papermill's convention: the cell tagged <c>parameters</c> declares them with their defaults, and a cell
/// behind it, tagged <c>injected-parameters</c>, sets other values.
/// </summary>
/// <remarks>
/// The injected cell assigns to the declared variables, so a parameter keeps its type: <c>alpha=1</c> stays a <c>double</c> when the
/// notebook says <c>double alpha = 0.1;</c>, and a function that reads the variable sees the new value.
/// </remarks>
public static partial class Parameters
{
    public const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>Puts an injected cell into the steps of a notebook.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="settings">Pairs as a person types them: <c>budget=64</c>, <c>question="what colour ?"</c>, <c>keeps=[64,32]</c>.</param>
    /// <exception cref="ArgumentException">A setting has no name, no such parameter, or a value that C# cannot hold.</exception>
    public static IReadOnlyList<Step> Inject(Notebook notebook, IReadOnlyList<string> settings)
    {
        IReadOnlyList<Step> steps = NotebookRunner.Steps(notebook);
        if (settings.Count == 0) return steps;
        Step declaring = steps.FirstOrDefault(step => step.Cell.Has(Tag))
            ?? throw new ArgumentException($"{notebook.Name} has no code cell tagged '{Tag}', so --set {settings[0]} has nowhere to go. "
                + "Tag the cell that declares the parameters.");
        if (declaring.Cell.Language is { } language && !language.StartsWith('c'))
            throw new ArgumentException($"The parameters of {notebook.Name} are written in {language}; --set can only write C#.");
        List<Declaration> declared = [.. Declarations().Matches(declaring.Source).Select(Declaration.Of)];
        string source = string.Join('\n', settings.Select(setting => Assignment(notebook, declared, setting)).Prepend("// Parameters"));

        Step? old = steps.FirstOrDefault(step => step.Cell.Has(InjectedTag));
        var injected = new Step(0, old?.Cell ?? declaring.Cell, source) { Injected = true, Replaces = old is not null };
        IEnumerable<Step> all = steps.SelectMany(step => step == old ? [injected] : old is null && step == declaring ? new[] { step, injected } : [step]);
        return [.. all.Select((step, index) => step with { Number = index + 1 })];
    }

    static string Assignment(Notebook notebook, List<Declaration> declared, string setting)
    {
        int equals = setting.IndexOf('=');
        string name = equals > 0 ? setting[..equals].Trim() : "";
        if (!Identifier().IsMatch(name)) throw new ArgumentException($"--set {setting}: expected name=value, for example --set budget=64.");
        string known = declared.Count == 0 ? "none" : string.Join(", ", declared.Select(d => d.Name));
        Declaration parameter = declared.LastOrDefault(d => d.Name == name)
            ?? throw new ArgumentException($"--set {setting}: {notebook.Name} declares no parameter '{name}'; it has {known}.");
        string text = setting[(equals + 1)..];
        return $"{(parameter.IsConstant ? parameter.Type + " " : "")}{name} = {Literal(setting, Value(text, parameter), parameter)};";
    }

    /// <summary>What was typed: JSON if it is, else the text itself; a parameter that holds text takes any value as it stands.</summary>
    static JsonElement Value(string text, Declaration parameter)
    {
        try
        {
            JsonElement value = JsonDocument.Parse(text).RootElement;
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Null || !parameter.HoldsText) return value;
        }
        catch (JsonException)
        {
            // A plain text.
        }
        return JsonSerializer.SerializeToElement(text);
    }

    static string Literal(string setting, JsonElement value, Declaration parameter) => value.ValueKind switch
    {
        JsonValueKind.String => CSharpString(value.GetString()!),
        JsonValueKind.Number => value.GetRawText() + parameter.NumberSuffix,
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(item => Literal(setting, item, parameter)))}]",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => throw new ArgumentException($"--set {setting}: a JSON object has no C# literal; use numbers, texts, true, false, null and arrays of them."),
    };

    static string CSharpString(string text) => "\"" + string.Concat(text.Select(c => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or '\u0085' or '\u2028' or '\u2029' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    })) + "\"";

    sealed record Declaration(string Type, string Name, string Default)
    {
        public static Declaration Of(Match match) => new(match.Groups["type"].Value, match.Groups["name"].Value, match.Groups["value"].Value.Trim());

        public bool IsConstant => Type.StartsWith("const ", StringComparison.Ordinal);
        public bool HoldsText => Type.Contains("string", StringComparison.Ordinal) || (Type == "var" && TextLiteral().IsMatch(Default));

        public string NumberSuffix =>
            Type.Contains("float", StringComparison.Ordinal) || (Type == "var" && FloatLiteral().IsMatch(Default)) ? "f"
            : Type.Contains("decimal", StringComparison.Ordinal) || (Type == "var" && DecimalLiteral().IsMatch(Default)) ? "m" : "";
    }

    // At the start of a line or behind a semicolon: type (with arguments, ?, []), name, =, value, ;
    [GeneratedRegex(
        @"(?<=^|;)\s*(?<type>(?:const\s+)?[A-Za-z_][\w.]*(?:<[\w.,\s<>()?\[\]]*>)?\??(?:\[,*\])?\??)\s+"
        + @"(?<name>@?[A-Za-z_]\w*)\s*=(?![=>])\s*(?<value>[^;]*);", RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"^[A-Za-z_]\w*$")]
    private static partial Regex Identifier();

    [GeneratedRegex("^[$@]*\"")]
    private static partial Regex TextLiteral();

    [GeneratedRegex(@"^-?[\d._]+(e[+-]?\d+)?f$", RegexOptions.IgnoreCase)]
    private static partial Regex FloatLiteral();

    [GeneratedRegex(@"^-?[\d._]+m$", RegexOptions.IgnoreCase)]
    private static partial Regex DecimalLiteral();
}
