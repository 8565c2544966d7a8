namespace PruneNotebooks.Tests;

/// <summary>The checkout that the tests were built from.</summary>
static class Repository
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the repository, such as "data/images/cat.jpg".</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PruneNotebooks.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds PruneNotebooks.sln: run the tests from a checkout.");
    }
}
