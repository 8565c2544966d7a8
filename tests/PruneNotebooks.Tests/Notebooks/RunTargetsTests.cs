using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class RunTargetsTests
{
    static RunTargets Of(string[] notebooks, string? output = null, bool wantsPage = false, string? page = null, bool check = false, string[]? settings = null) =>
        RunTargets.Of(notebooks, output, wantsPage, page, check, settings ?? []);

    [Fact]
    public void Results_go_where_one_expects_them()
    {
        Assert.Equal("n/a.ipynb", Of(["n/a.ipynb"]).File("n/a.ipynb"));
        Assert.Equal("b.ipynb", Of(["n/a.ipynb"], "b.ipynb").File("n/a.ipynb"));
        Assert.Equal("out/a.ipynb", Of(["n/a.ipynb", "n/c.ipynb"], "out/").File("n/a.ipynb"));
        Assert.Null(Of(["n/a.ipynb"], check: true).File("n/a.ipynb"));
        Assert.Null(Of(["n/a.ipynb"], settings: ["a=1"]).File("n/a.ipynb"));
        Assert.Equal("n/a.html", Of(["n/a.ipynb"], wantsPage: true).Page("n/a.ipynb"));
        Assert.Equal("b.html", Of(["n/a.ipynb"], "b.ipynb", wantsPage: true).Page("n/a.ipynb"));
        Assert.Equal("x.html", Of(["n/a.ipynb"], wantsPage: true, page: "x.html").Page("n/a.ipynb"));
        Assert.Null(Of(["n/a.ipynb"]).Page("n/a.ipynb"));
    }

    [Fact]
    public void What_does_not_go_together_is_told()
    {
        static string Message(Action action) => Assert.Throws<UsageException>(action).Message;
        Assert.StartsWith("--html a.ipynb: a page is called something.html.", Message(() => Of(["b.ipynb"], wantsPage: true, page: "a.ipynb")));
        Assert.StartsWith("-o out: for several notebooks, name a folder", Message(() => Of(["a.ipynb", "b.ipynb"], "out")));
        Assert.StartsWith("--check writes nothing", Message(() => Of(["a.ipynb"], "out.ipynb", check: true)));
        Assert.Equal("./a.ipynb would be written twice.", Message(() => Of(["./a.ipynb", "a.ipynb"])));
        Assert.StartsWith("--html a.html: 2 notebooks", Message(() => Of(["a.ipynb", "b.ipynb"], wantsPage: true, page: "a.html")));
    }
}
