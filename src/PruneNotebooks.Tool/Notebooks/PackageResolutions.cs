namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// What the kernel remembers of packages that it resolved. It looks them up by the <c>#r</c> lines alone, and leaves out what is no longer
/// there: whoever moves a package must make it forget.
/// </summary>
static class PackageResolutions
{
    static string Folder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".packagemanagement", "nuget", "Cache");

    /// <summary>Forgets every resolution that a package is part of; the next <c>#r</c> resolves anew.</summary>
    /// <param name="package">The package's id.</param>
    public static void Forget(string package)
    {
        if (!Directory.Exists(Folder)) return;
        foreach (string file in Directory.EnumerateFiles(Folder, "*.resolvedReferences.paths"))
        {
            try
            {
                if (File.ReadLines(file).Any(line => line.StartsWith(package + ",", StringComparison.OrdinalIgnoreCase))) File.Delete(file);
            }
            catch (IOException)
            {
                // A kernel reads or writes it at this moment, with packages as they now are.
            }
        }
    }
}
