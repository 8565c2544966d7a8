namespace PruneNotebooks.Tool.Commands;

/// <summary>What <c>prune run</c> reads and where its results go.</summary>
sealed record RunTargets(IReadOnlyList<string> Notebooks, IReadOnlyList<string> Settings, bool Check)
{
    string? Output { get; init; }
    bool WantsPage { get; init; }
    string? PageFile { get; init; }

    /// <summary>Takes the options together.</summary>
    /// <exception cref="UsageException">Some do not go together.</exception>
    public static RunTargets Of(
        IReadOnlyList<string> notebooks, string? output, bool wantsPage, string? page, bool check, IReadOnlyList<string> settings)
    {
        if (page is not null && Path.GetExtension(page) is not (".html" or ".htm"))
            throw new UsageException($"--html {page}: a page is called something.html. Put the notebooks first, or write --html=page.html.");
        if (page is not null && notebooks.Count > 1) throw new UsageException($"--html {page}: {notebooks.Count} notebooks do not fit into one page; leave the name away.");
        if (check && output is not null) throw new UsageException("--check writes nothing, so -o has no use beside it.");
        var targets = new RunTargets(notebooks, settings, check) { Output = output, WantsPage = wantsPage, PageFile = page };
        if (notebooks.Count > 1 && output is not null && !IsFolder(output))
            throw new UsageException($"-o {output}: for several notebooks, name a folder (one that exists, or with a / at the end).");
        IEnumerable<string> files = notebooks.Select(targets.File).OfType<string>().Concat(notebooks.Select(targets.Page).OfType<string>());
        if (files.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"{twice.First()} would be written twice.");
        return targets;
    }

    /// <summary>The notebook file to write, or null when none is.</summary>
    public string? File(string notebook) =>
        Check ? null
        : Output is null ? Settings.Count == 0 ? notebook : null
        : IsFolder(Output) ? Path.Combine(Output, Path.GetFileName(notebook)) : Output;

    /// <summary>The page to write, or null when none is wanted.</summary>
    public string? Page(string notebook) => WantsPage ? PageFile ?? Path.ChangeExtension(File(notebook) ?? notebook, ".html") : null;

    static bool IsFolder(string path) => Directory.Exists(path) || Path.EndsInDirectorySeparator(path);
}
