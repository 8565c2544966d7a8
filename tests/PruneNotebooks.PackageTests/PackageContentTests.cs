using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace PruneNotebooks.PackageTests;

/// <summary>What lies in the packages.</summary>
public sealed class PackageContentTests(PackedPackages packages)
{
    static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    static IReadOnlyList<string> Files(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    static XElement Metadata(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    [Fact]
    public void The_library_brings_its_model_documentation_and_hooks()
    {
        var files = Files(packages.Library);
        foreach (string file in (string[])["README.md", "icon.png", "lib/net10.0/PruneNotebooks.dll", "lib/net10.0/PruneNotebooks.xml", "models/scene-llava/model.safetensors",
            "buildTransitive/PruneNotebooks.targets", "buildTransitive/LoadTorch.cs", "interactive-extensions/dotnet/extension.dib"]) Assert.Contains(file, files);
    }

    [Fact]
    public void The_library_depends_on_TorchSharp_and_on_no_native_back_end()
    {
        var dependencies = Metadata(packages.Library).Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => (string)e.Attribute("id")!).ToList();
        Assert.Contains("TorchSharp", dependencies);
        Assert.DoesNotContain(dependencies, id => id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase) || id.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Files(packages.Library), file => Path.GetExtension(file) is ".so" or ".dylib");
    }

    [Fact]
    public void The_tool_carries_the_model_but_no_libtorch_and_stays_below_60_MB()
    {
        var files = Files(packages.Tool);
        Assert.Contains("tools/net10.0/any/models/scene-llava/model.safetensors", files);
        Assert.DoesNotContain(files, file => Path.GetFileNameWithoutExtension(file) is "libtorch" or "libtorch_cpu" or "torch_cpu" or "libtorch_cuda");
        Assert.InRange(new FileInfo(packages.Tool).Length, 10e6, 60e6);
    }

    [Fact]
    public void A_debugger_finds_every_source_in_the_symbols()
    {
        using var archive = ZipFile.OpenRead(packages.Symbols);
        using var pdb = new MemoryStream();
        using (var packed = archive.GetEntry("lib/net10.0/PruneNotebooks.pdb")!.Open()) packed.CopyTo(pdb);
        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        Assert.True(reader.Documents.Count > 100, "the library has more than a hundred files");
        Assert.All(reader.Documents, document =>
        {
            string name = reader.GetString(reader.GetDocument(document).Name);
            Assert.True(reader.GetCustomDebugInformation(document).Any(info => reader.GetGuid(reader.GetCustomDebugInformation(info).Kind) == EmbeddedSource), $"{name} is not in the symbols");
        });
        Assert.Contains(reader.Documents, document => reader.GetString(reader.GetDocument(document).Name) == "/_/src/PruneNotebooks/Pruners/DivPrune.cs");
    }

    [Fact]
    public async Task Two_checkouts_of_one_commit_give_the_same_bytes()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")), "This is a copy of the sources without their history, so there is no commit to compare.");
        string root = Directory.CreateTempSubdirectory("prune-clone-").FullName;
        try
        {
            string[] packed = [await PackACloneAsync(Path.Combine(root, "one")), await PackACloneAsync(Path.Combine(root, "other"))];
            foreach (string package in Directory.EnumerateFiles(packed[0]))
                Assert.True(File.ReadAllBytes(package).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(packed[1], Path.GetFileName(package)))), $"{Path.GetFileName(package)} differs");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static async Task<string> PackACloneAsync(string folder)
    {
        string clone = Path.Combine(folder, "clone"), feed = Path.Combine(folder, "feed");
        (await Outcome.OfAsync("git", ["clone", "--quiet", Repository.Root, clone], Repository.Root)).Succeeded();
        (await Outcome.OfAsync("dotnet", ["pack", Path.Combine(clone, "src/PruneNotebooks"), "-o", feed, "--nologo", "-p:RunAnalyzers=false"], clone)).Succeeded();
        Assert.Equal(2, Directory.EnumerateFiles(feed).Count());
        return feed;
    }
}
