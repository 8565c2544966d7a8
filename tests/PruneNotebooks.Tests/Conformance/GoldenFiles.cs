namespace PruneNotebooks.Tests.Conformance;

/// <summary>The golden files: under <c>tests/data/golden</c>, or in the folder that the environment variable <c>PRUNE_GOLDEN</c> names.</summary>
static class GoldenFiles
{
    static readonly string Folder = Environment.GetEnvironmentVariable("PRUNE_GOLDEN") is not { Length: > 0 } folder ? TestData.Path("golden")
        : Directory.Exists(folder) ? Path.GetFullPath(folder)
        : throw new DirectoryNotFoundException($"PRUNE_GOLDEN names '{folder}', which is not a folder.");

    static readonly (string File, (string Method, string Op) Of)[] All = [.. Directory.EnumerateFiles(Folder, "*.safetensors", SearchOption.AllDirectories)
        .Select(path => (File: Path.GetRelativePath(Folder, path), Of: GoldenCase.OperationOf(path)))
        .OrderBy(file => file.File, StringComparer.Ordinal)];

    /// <summary>Files that must pass, relative to their folder.</summary>
    public static IReadOnlyList<string> ToRun { get; } = [.. All.Where(file => !NotImplemented.Contains(file.Of.Method, file.Of.Op)).Select(file => file.File)];

    /// <summary>Files of methods and operations that <see cref="NotImplemented"/> lists.</summary>
    public static IReadOnlyList<string> WithoutImplementation { get; } = [.. All.Select(file => file.File).Except(ToRun)];

    /// <summary>Reads a file.</summary>
    public static GoldenCase Read(string file) => GoldenCase.Read(Path.Combine(Folder, file));
}
