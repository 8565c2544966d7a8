using System.Text.Json.Nodes;

namespace PruneNotebooks.PackageTests;

/// <summary>The installed command <c>prune</c>, outside of any checkout.</summary>
[Collection(InAnEmptyHome.Name)]
public sealed class ToolTests(EmptyHome home)
{
    static readonly string[] Ask = ["ask", "--scene", "7", "--method", "divprune", "--keep", "0.5", "--runs", "0", "--json"];

    /// <summary>Caches of their own: what other tests have restored is not there.</summary>
    (string Name, string? Value)[] Fresh()
    {
        string folder = home.NewFolder();
        return [("NUGET_PACKAGES", Path.Combine(folder, "packages")), ("XDG_CACHE_HOME", Path.Combine(folder, "cache"))];
    }

    static string Kept((string Name, string? Value)[] fresh) => Path.Combine(fresh[1].Value!, "PruneNotebooks", "torch");

    [Fact]
    public async Task Libtorch_is_restored_by_the_first_command_that_needs_it_and_not_before()
    {
        var fresh = Fresh();
        string prune = await home.PruneAsync();
        var methods = (await home.RunAsync(prune, ["methods"], environment: fresh)).Succeeded();
        Assert.Contains("DivPrune", methods.Output);
        Assert.Equal("", methods.Error);
        (await home.RunAsync(prune, ["scenes", "--count", "1", "--out", home.NewFolder()], environment: fresh)).Succeeded();
        var doctor = (await home.RunAsync(prune, ["doctor"], environment: fresh)).Succeeded();
        Assert.Matches("(?m)^warn  libtorch .* is not on this machine yet", doctor.Output);
        Assert.False(Directory.Exists(Kept(fresh)), "no command needed libtorch, and yet something was restored");

        var first = (await home.RunAsync(prune, Ask, environment: fresh)).Succeeded();
        TestContext.Current.SendDiagnosticMessage("prune ask, the first time: {0:0.0} s", first.Time.TotalSeconds);
        Assert.StartsWith($"Restoring libtorch for the CPU ({Question.LibTorch} {Question.LibTorchVersion}), once: ", first.Error);
        IsRightWithHalfOfTheTokens(first);
        var again = (await home.RunAsync(prune, Ask, environment: fresh)).Succeeded();
        TestContext.Current.SendDiagnosticMessage("prune ask, the second time: {0:0.0} s", again.Time.TotalSeconds);
        Assert.Equal("", again.Error);
        Assert.Equal([Path.Combine(Kept(fresh), $"cpu-{Question.LibTorchVersion}")], Directory.EnumerateFileSystemEntries(Kept(fresh)));

        Directory.Delete(Kept(fresh), recursive: true);
        var fromNuGet = (await home.RunAsync(prune, Ask, environment: fresh)).Succeeded();
        Assert.Equal("", fromNuGet.Error);
        Assert.False(Directory.Exists(Kept(fresh)), "libtorch lies in the NuGet folder already");
        doctor = (await home.RunAsync(prune, ["doctor"], environment: fresh)).Succeeded();
        Assert.Contains($"cpu, {fresh[0].Value}", doctor.Output);
        Assert.Matches("(?m)^ok    self-test ", doctor.Output);
    }

    [Theory]
    [InlineData("cpu", "libtorch-cpu-")]
    [InlineData("cuda", "TorchSharp-cuda-")]
    public async Task Libtorch_that_no_source_serves_is_an_error_with_what_was_tried(string backend, string package)
    {
        (string Name, string? Value)[] offline = [.. Fresh(), ("RestoreSources", home.Packages.Feed)];
        var ask = await home.RunAsync(await home.PruneAsync(), [.. Ask, "--torch", backend], environment: offline);
        Assert.Equal((1, ""), (ask.ExitCode, ask.Output));
        string[] lines = ask.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("Restoring libtorch for ", lines[0]);
        Assert.Matches($"{package}.* is not on this machine \\(looked .*\\) and could not be restored: NU1101: .*{package}.* in source\\(s\\): packed\\. ", lines[1]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Kept(offline)));
    }

    static void IsRightWithHalfOfTheTokens(Outcome ask)
    {
        var answers = JsonNode.Parse(ask.Output)!["answers"]!.AsArray();
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal((72, 144), ((int)answer!["tokens"]!["kept"]!, (int)answer["tokens"]!["all"]!)));
        Assert.Contains(answers, answer => (string)answer!["answer"]! == (string)answer["expected"]!);
    }
}
