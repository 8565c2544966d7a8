namespace PruneNotebooks.Tests;

/// <summary>The files under <c>tests/data</c>, found by walking up from the test assembly.</summary>
static class TestData
{
    static readonly string Root = Find();

    /// <summary>The path of a file or folder, e.g. <c>TestData.Path("reference", "llava-1.5")</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static string Path(params string[] parts)
    {
        string path = System.IO.Path.Combine([Root, .. parts]);
        return System.IO.Path.Exists(path) ? path : throw new FileNotFoundException($"The test data have no '{path}'.", path);
    }

    static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            string data = System.IO.Path.Combine(folder, "tests", "data");
            if (Directory.Exists(data)) return data;
        }
        throw new DirectoryNotFoundException($"No tests/data in any folder above '{AppContext.BaseDirectory}'.");
    }
}
