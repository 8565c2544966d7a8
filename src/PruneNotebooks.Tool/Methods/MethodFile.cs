using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tool.Methods;

/// <summary>A C# file with a pruning method in it, compiled on the spot.</summary>
/// <remarks>
/// It holds one or more of: a public class or record that is an <see cref="ITokenPruner"/> and can be made without arguments; a public static field or property that holds one, such as a
/// composition of parts; a public static <see cref="PruningMethod"/>, which also says at which stages the method works. The namespaces of the library are there without a <c>using</c>.
/// </remarks>
static class MethodFile
{
    const int MostErrors = 5;

    // What a notebook has, too, and what every program has.
    const string Usings =
        """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using PruneNotebooks.Metrics; global using PruneNotebooks.Models; global using PruneNotebooks.Parts; global using PruneNotebooks.Primitives;
        global using PruneNotebooks.Pruners; global using PruneNotebooks.Runtime; global using PruneNotebooks.Tokens; global using TorchSharp;
        """;

    /// <summary>The methods in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stage">Where methods work that do not say it themselves.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="MethodFileException">It does not compile, or there is no method in it; the message says where and what to do.</exception>
    public static IReadOnlyList<PruningMethod> Load(string path, Stage stage)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}' with a method in it.");
        var types = Compile(path).GetExportedTypes().Where(type => !type.ContainsGenericParameters).ToList();
        string name = Path.GetFileNameWithoutExtension(path);
        PruningMethod[] methods =
        [
            .. types.SelectMany(Constants<PruningMethod>).Select(constant => constant.Value),
            .. types.Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ITokenPruner)) && type.GetConstructor(Type.EmptyTypes) is not null)
                .Select(type => Row(type.Name, stage, () => (ITokenPruner)Activator.CreateInstance(type)!)),
            .. types.SelectMany(Constants<ITokenPruner>).Select(constant => Row(constant.Name, stage, () => constant.Value)),
        ];
        return methods.Length switch
        {
            0 when types.FirstOrDefault(type => type.IsAssignableTo(typeof(ITokenPruner)) && !type.IsAbstract) is { } unmade => throw new MethodFileException($"{path}: {unmade.Name} cannot be made without arguments: give it a constructor without any, or a public static property that holds one."),
            0 => throw new MethodFileException($"{path} holds no method: a public class or record that implements ITokenPruner and can be made without arguments is expected, or a public static property that holds a composition of parts."),
            1 when methods[0].Paper is null => [methods[0] with { Slug = name }],
            _ => methods,
        };
    }

    static PruningMethod Row(string name, Stage stage, Func<ITokenPruner> create) => new()
    {
        Slug = name, Name = name, Family = MethodFamily.Control, Stage = stage, Positions = Positions.Keep, Primitives = [], Create = create,
    };

    static IEnumerable<(string Name, T Value)> Constants<T>(Type type)
    {
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType.IsAssignableTo(typeof(T)))) yield return (field.Name, (T)field.GetValue(null)!);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType.IsAssignableTo(typeof(T)))) yield return (property.Name, (T)property.GetValue(null)!);
    }

    static Assembly Compile(string path)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.CSharp14);
        using var file = File.OpenRead(path);
        var text = SourceText.From(file, canBeEmbedded: true);
        string full = Path.GetFullPath(path);
        var compilation = CSharpCompilation.Create(
            $"method-{Path.GetFileNameWithoutExtension(path)}",
            [CSharpSyntaxTree.ParseText(text, parsing, full), CSharpSyntaxTree.ParseText(SourceText.From(Usings, Encoding.UTF8), parsing, "usings")],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Debug, deterministic: true));
        using var library = new MemoryStream();
        var result = compilation.Emit(library, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded), embeddedTexts: [EmbeddedText.FromSource(full, text)]);
        if (!result.Success) throw new MethodFileException(Complaint(path, [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]));
        library.Position = 0;
        // Of its own, so that two files may hold types of one name.
        return new AssemblyLoadContext(path).LoadFromStream(library);
    }

    // Everything that this program was started with: the framework, the library, TorchSharp.
    static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(assembly => MetadataReference.CreateFromFile(assembly));

    static string Complaint(string path, IReadOnlyList<Diagnostic> errors)
    {
        var lines = errors.OrderBy(error => error.Location.SourceSpan.Start).Take(MostErrors).Select(error =>
        {
            var place = error.Location.GetLineSpan().StartLinePosition;
            string source = error.Location.SourceTree?.GetText().Lines[place.Line].ToString().Trim() ?? "";
            return $"{path}, line {place.Line + 1}, column {place.Character + 1}: {error.Id}: {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}\n    {source}";
        });
        string more = errors.Count > MostErrors ? $"\n... and {errors.Count - MostErrors} more errors" : "";
        return $"{string.Join('\n', lines)}{more}\nThe method in {path} does not compile: correct {(errors.Count == 1 ? "this line" : "these lines")} and run the same command again; what is measured is kept.";
    }
}

/// <summary>A file with a method cannot be used; the message, of several lines, says where and why.</summary>
sealed class MethodFileException(string message) : Exception(message);
