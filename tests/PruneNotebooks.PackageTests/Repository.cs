namespace PruneNotebooks.PackageTests;

/// <summary>The checkout that the packages are made of.</summary>
static class Repository
{
    public static readonly string Root = Find();

    static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "PruneNotebooks.sln"))) return folder;
        throw new DirectoryNotFoundException($"No PruneNotebooks.sln above {AppContext.BaseDirectory}: the packages are made of a checkout.");
    }
}
