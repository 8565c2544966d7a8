using PruneNotebooks.Tests.Notebooks;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Commands;

/// <summary><c>prune kernel</c> from outside, in a home of its own.</summary>
[Collection(KernelTests.Name)]
public sealed class KernelCommandTests : IDisposable
{
    readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    /// <summary>Runs <c>prune kernel</c> with an environment that knows no Jupyter but for what is named.</summary>
    Task<PruneProgram.Outcome> KernelAsync(string arguments, params (string Name, string Value)[] environment) => PruneProgram.RunAsync(
        ["kernel", .. arguments.Split(' ')],
        [
            ("HOME", home.Path), ("NUGET_PACKAGES", NuGetPackages.Folder), ("JUPYTER_DATA_DIR", ""), ("JUPYTER_PATH", ""), ("XDG_DATA_HOME", ""),
            ("VIRTUAL_ENV", ""), ("CONDA_PREFIX", ""), .. environment,
        ]);

    [Fact]
    public async Task It_is_installed_once_listed_and_removed()
    {
        string folder = home[".local/share/jupyter/kernels/.net-csharp"];
        var none = await KernelAsync("list");
        Assert.Matches("^warn  kernelspec .*find no kernel '.net-csharp'", none.Output);

        var first = await KernelAsync("install");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.EndsWith($"{folder} written.\nNotebooks in VS Code and Jupyter now find the kernel '.NET (C#)'; choose it where they ask.\n", first.Output);
        Assert.Equal($"{folder} is up to date.\n", (await KernelAsync("install --user")).Output);
        Assert.Matches($"^ok    kernelspec +{folder}: .NET Interactive .*, loads the library of {KernelFixture.Root}\n", (await KernelAsync("list")).Output);

        var removed = await KernelAsync("uninstall");
        Assert.Equal((0, $"{folder} removed.\n"), (removed.ExitCode, removed.Output));
        Assert.Equal($"There is no kernelspec '.net-csharp' in {Path.GetDirectoryName(folder)}.\n", (await KernelAsync("uninstall")).Output);
    }

    [Theory]
    [InlineData("uninstall", "JUPYTER_DATA_DIR", "/data/here", "/data/here/kernels")]
    [InlineData("uninstall", "XDG_DATA_HOME", "/xdg", "/xdg/jupyter/kernels")]
    [InlineData("uninstall --sys-prefix", "VIRTUAL_ENV", "/venv", "/venv/share/jupyter/kernels")]
    [InlineData("uninstall --sys-prefix", "CONDA_PREFIX", "/conda", "/conda/share/jupyter/kernels")]
    [InlineData("uninstall --prefix /opt/x", "VIRTUAL_ENV", "/venv", "/opt/x/share/jupyter/kernels")]
    public async Task The_place_follows_Jupyters_rules(string arguments, string variable, string value, string kernels)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "The user's folder is another one there.");
        Assert.Equal($"There is no kernelspec '.net-csharp' in {kernels}.\n", (await KernelAsync(arguments, (variable, value))).Output);
    }

    [Fact]
    public async Task A_place_that_front_ends_do_not_search_is_told()
    {
        var result = await KernelAsync($"install --prefix {home["own"]}");
        Assert.EndsWith($"written.\nFront ends look there when JUPYTER_PATH names {home["own/share/jupyter"]}.\n", result.Output);
    }

    [Theory]
    [InlineData("install --sys-prefix", "--sys-prefix: no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set); activate one, or name its folder with --prefix.")]
    [InlineData("install --user --prefix /x", "--user, --sys-prefix and --prefix name one place each; use one of them.")]
    public async Task What_does_not_go_together_is_told(string arguments, string sentence)
    {
        var result = await KernelAsync(arguments);
        Assert.Equal((2, "", sentence + "\n"), (result.ExitCode, result.Output, result.Error));
    }
}
