namespace PruneNotebooks.Models;

/// <summary>Finds the folder of a model by its name, from any working directory.</summary>
/// <remarks>
/// A name is looked up in this order; each place holds one folder per model:
/// <list type="number">
/// <item>the folders of the environment variable <c>PRUNE_MODELS</c> (separated as in <c>PATH</c>);</item>
/// <item><c>data/models</c> of the working directory and of every folder above it, then of the folder of this library and every folder above it:
/// a checked-out repository;</item>
/// <item><c>models</c> beside the program: where a build or publish puts the models of the package;</item>
/// <item><c>models</c> of the NuGet package that this library was loaded from: notebooks;</item>
/// <item>the cache of the Hugging Face tools, for names such as "llava-hf/llava-1.5-7b-hf".</item>
/// </list>
/// </remarks>
public static class ModelFolders
{
    /// <summary>The environment variable that names further folders of models.</summary>
    public const string Variable = "PRUNE_MODELS";

    /// <summary>The absolute path of a model's folder.</summary>
    /// <param name="model">A name such as "scene-llava", or the path of a folder, which is taken as it is.</param>
    /// <exception cref="ArgumentException"><paramref name="model"/> is empty.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such model; the message lists the places tried and the models found there.</exception>
    public static string Find(string model) => Find(model, Places(), HuggingFaceCache.Default);

    /// <summary>The models that can be loaded by name alone: name and folder, the first of each name.</summary>
    public static IReadOnlyDictionary<string, string> Available() => Available(Places());

    internal static string Find(string model, IReadOnlyList<string> places, HuggingFaceCache cache)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (IsModel(model) || (IsPath(model) && Directory.Exists(model))) return Path.GetFullPath(model);
        if (IsPath(model))
        {
            throw new DirectoryNotFoundException(File.Exists(model)
                ? $"'{model}' is a file: give the folder that holds it, with its config.json."
                : $"There is no model folder '{Path.GetFullPath(model)}'.");
        }
        return places.Select(place => Path.Combine(place, model)).FirstOrDefault(IsModel)
            ?? cache.Find(model)
            ?? throw new DirectoryNotFoundException(NotFound(model, places, cache));
    }

    internal static IReadOnlyDictionary<string, string> Available(IReadOnlyList<string> places) =>
        places.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Where(IsModel)
            .DistinctBy(Path.GetFileName).ToSortedDictionary();

    internal static IReadOnlyList<string> Places(string? variable, string workingFolder, string programFolder, string? libraryFolder)
    {
        List<string> places = [.. (variable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];
        places.AddRange(InAnyFolderAbove(workingFolder));
        places.AddRange(InAnyFolderAbove(libraryFolder ?? programFolder));
        places.Add(Path.Combine(programFolder, "models"));
        // The NuGet folder: <packages>/prunenotebooks/<version>/lib/<framework>/PruneNotebooks.dll, with models/ beside lib/.
        if (Directory.GetParent(libraryFolder ?? "/") is { Name: "lib", Parent: { } package }) places.Add(Path.Combine(package.FullName, "models"));
        return [.. places.Distinct()];
    }

    static IReadOnlyList<string> Places()
    {
#pragma warning disable IL3000 // Empty in a single-file program, which has its models beside it.
        string library = typeof(ModelFolders).Assembly.Location;
#pragma warning restore IL3000
        return Places(Environment.GetEnvironmentVariable(Variable), Directory.GetCurrentDirectory(), AppContext.BaseDirectory,
            library.Length > 0 ? Path.GetDirectoryName(library) : null);
    }

    static IEnumerable<string> InAnyFolderAbove(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            string models = Path.Combine(folder.FullName, "data", "models");
            if (Directory.Exists(models)) yield return models;
        }
    }

    static bool IsModel(string folder) => File.Exists(Path.Combine(folder, "config.json"));

    // "a/b" can be a name: models of one maker often share a folder.
    static bool IsPath(string model) =>
        Path.IsPathRooted(model) || model.StartsWith('.') || model.Contains('\\') || Path.EndsInDirectorySeparator(model) || File.Exists(model);

    static string NotFound(string model, IReadOnlyList<string> places, HuggingFaceCache cache)
    {
        var names = Available(places).Keys;
        return $"No model is called '{model}' in {string.Join(", ", places.Append(cache.Folder))} "
             + $"(which hold {(names.Any() ? string.Join(", ", names) : "no model")}): "
             + $"give the path of a folder with a config.json, or add the folder above it to {Variable}.";
    }

    static SortedDictionary<string, string> ToSortedDictionary(this IEnumerable<string> folders) =>
        new(folders.ToDictionary(folder => Path.GetFileName(folder), Path.GetFullPath), StringComparer.Ordinal);
}
