using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class KernelToolTests
{
    static string Folder(string? manifest)
    {
        string root = Directory.CreateTempSubdirectory("prune-test-").FullName;
        if (manifest is not null)
        {
            Directory.CreateDirectory(Path.Combine(root, ".config"));
            File.WriteAllText(Path.Combine(root, ".config", "dotnet-tools.json"), manifest);
        }
        return Directory.CreateDirectory(Path.Combine(root, "notebooks")).FullName;
    }

    [Fact]
    public void The_nearest_manifest_pins_the_version()
    {
        string folder = Folder("""{"version":1,"tools":{"microsoft.dotnet-interactive":{"version":"0.0.1","commands":["dotnet-interactive"]}}}""");
        var (root, version, installed) = KernelTool.Look(folder);
        Assert.Equal((Path.GetDirectoryName(folder), "0.0.1", null), (root, version, installed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"version":1,"tools":{}}""")]
    public void Outside_a_repository_the_program_carries_the_version_of_its_own(string? manifest)
    {
        JsonNode ours = JsonNode.Parse(File.ReadAllText(Path.Combine(KernelFixture.Root, ".config", "dotnet-tools.json")))!;
        Assert.Equal((string)ours["tools"]!["microsoft.dotnet-interactive"]!["version"]!, KernelTool.Look(Folder(manifest)).Version);
    }

    [Fact]
    public void A_damaged_manifest_is_told()
    {
        string folder = Folder("{");
        Assert.StartsWith($"{Path.GetDirectoryName(folder)}/.config/dotnet-tools.json is not valid JSON: ", Assert.Throws<KernelException>(() => KernelTool.Look(folder)).Message);
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_told()
    {
        string folder = Folder("""{"version":1,"isRoot":true,"tools":{"microsoft.dotnet-interactive":{"version":"0.0.1","commands":["dotnet-interactive"]}}}""");
        var said = new List<string>();
        var error = await Assert.ThrowsAsync<KernelException>(() => KernelTool.FindAsync(folder, said.Add, TestContext.Current.CancellationToken));
        Assert.StartsWith("The notebook kernel microsoft.dotnet-interactive 0.0.1 is not installed, and 'dotnet tool restore' in ", error.Message);
        Assert.Equal("restoring the notebook kernel, microsoft.dotnet-interactive 0.0.1", Assert.Single(said));
    }
}
