using System.Text.RegularExpressions;

namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>Jupyter's own way to execute a notebook, on our kernelspec, says what <c>prune run</c> says.</summary>
[Collection(InJupyter.Name)]
public sealed class NbconvertTests(JupyterHome home)
{
    public static TheoryData<string> Notebooks => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "notebooks"), "*.ipynb").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_notebook_says_the_same_under_both(string name)
    {
        string notebook = ShortNotebook.Write(name, home.NewFolder());
        var jupyter = (await ExecuteAsync(await JupyterPython.OrSkipAsync(), notebook)).Succeeded();
        Assert.Contains("\"output_type\"", File.ReadAllText(notebook));
        // Those of method families compute for a minute each, in the same way: once is enough.
        if (name.StartsWith('1'))
        {
            TestContext.Current.SendDiagnosticMessage("{0}: nbconvert {1:0.0} s", name, jupyter.Time.TotalSeconds);
            return;
        }
        var prune = (await home.PruneAsync("run", notebook, "--check")).Succeeded();
        TestContext.Current.SendDiagnosticMessage("{0}: nbconvert {1:0.0} s, prune run {2:0.0} s", name, jupyter.Time.TotalSeconds, prune.Time.TotalSeconds);
        Assert.EndsWith("says what is committed.\n", prune.Output);
    }

    // Now and then the start of a second kernel hangs inside .NET Interactive; prune run begins anew by itself, nbconvert does not.
    async Task<Outcome> ExecuteAsync(string python, string notebook)
    {
        bool connects = File.ReadAllText(notebook).Contains("#!connect jupyter", StringComparison.Ordinal);
        for (int attempt = 1; ; attempt++)
        {
            var run = await home.RunAsync(python, ["-m", "nbconvert", "--to", "notebook", "--execute", $"--ExecutePreprocessor.timeout={(connects ? 120 : 900)}", "--inplace", notebook]);
            if (!connects || attempt == 3 || !run.Error.Contains("CellTimeoutError", StringComparison.Ordinal)) return run;
        }
    }
}

/// <summary>A notebook of the repository with few scenes, in a folder that looks to it like the repository.</summary>
static partial class ShortNotebook
{
    /// <summary>Writes it; the parameter <c>scenes</c> becomes 8 where there is one.</summary>
    /// <param name="name">The notebook's name.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The file.</returns>
    public static string Write(string name, string folder)
    {
        foreach (string neighbour in (string[])["environment", "data"]) Directory.CreateSymbolicLink(Path.Combine(folder, neighbour), Path.Combine(Repository.Root, neighbour));
        string copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "notebooks")).FullName, name + ".ipynb");
        string text = File.ReadAllText(Path.Combine(Repository.Root, "notebooks", name + ".ipynb"));
        File.WriteAllText(copy, Scenes().Replace(text, "${1}8;"));
        return copy;
    }

    [GeneratedRegex(@"(\bint scenes = )\d+;")]
    private static partial Regex Scenes();
}
