using System.IO.Compression;

namespace PruneNotebooks.PackageTests;

public sealed class PackageContentTests(PackedPackages packages)
{
    static IReadOnlyList<string> Files(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    [Fact]
    public void The_library_brings_its_model_documentation_and_hooks_but_no_native_back_end()
    {
        var files = Files(packages.Library);
        foreach (string file in (string[])["README.md", "lib/net10.0/PruneNotebooks.dll", "lib/net10.0/PruneNotebooks.xml", "models/scene-llava/model.safetensors",
            "buildTransitive/PruneNotebooks.targets", "buildTransitive/LoadTorch.cs", "interactive-extensions/dotnet/extension.dib"]) Assert.Contains(file, files);
        Assert.DoesNotContain(files, file => file.EndsWith(".so", StringComparison.Ordinal) || file.Contains("libtorch", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_tool_carries_no_libtorch() =>
        Assert.DoesNotContain(Files(packages.Tool), file => file.Contains("torch_cpu", StringComparison.Ordinal) || file.Contains("libtorch.", StringComparison.Ordinal));
}
