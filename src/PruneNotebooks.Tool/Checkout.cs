namespace PruneNotebooks.Tool;

/// <summary>The checkout of this repository that a notebook, or this program, lies in; an installed program may have none.</summary>
static class Checkout
{
    /// <summary>The project that notebooks load as a package.</summary>
    public const string Library = "src/PruneNotebooks/PruneNotebooks.csproj";

    /// <summary>Everything that the package is made of.</summary>
    public static readonly IReadOnlyList<string> PackageInputs =
        ["src/PruneNotebooks", "data", "environment/python", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "README.md", "LICENSE"];

    /// <summary>The root of the checkout around a folder, else around the working directory, else around this program; null outside of any.</summary>
    public static string? Find(string folder) =>
        ((string[])[folder, Directory.GetCurrentDirectory(), AppContext.BaseDirectory]).Select(Above).FirstOrDefault(root => root is not null);

    static string? Above(string folder)
    {
        for (string? f = Path.GetFullPath(folder); f is not null; f = Path.GetDirectoryName(f))
            if (File.Exists(Path.Combine(f, Library))) return f;
        return null;
    }
}
