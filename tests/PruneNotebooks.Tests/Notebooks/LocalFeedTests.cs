using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>The feed, on a small project of its own.</summary>
public sealed class LocalFeedTests
{
    readonly string root = Directory.CreateTempSubdirectory("prune-test-").FullName;
    readonly List<string> said = [];

    void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
        File.WriteAllText(Path.Combine(root, file), text);
    }

    void Project(string source)
    {
        Write("src/Tiny/Tiny.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework><Version>1.0.0-Preview</Version></PropertyGroup></Project>");
        Write("src/Tiny/Tiny.cs", source);
    }

    Task<LocalFeed> PrepareAsync() => LocalFeed.PrepareAsync(root, "src/Tiny/Tiny.csproj", ["src/Tiny", "none.props"], said.Add, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_same_sources_are_packed_once_and_a_change_gets_a_folder_of_its_own()
    {
        Project("public class A;");
        string first;
        using (LocalFeed feed = await PrepareAsync())
        {
            first = feed.Folder;
            string unpacked = Path.Combine(feed.Environment["RestoreAdditionalProjectFallbackFolders"], "tiny", "1.0.0-preview");
            Assert.True(File.Exists(Path.Combine(unpacked, "lib", "net10.0", "Tiny.dll")));
            Assert.True(File.Exists(Path.Combine(unpacked, "tiny.nuspec")));
            Assert.True(File.Exists(Path.Combine(unpacked, ".nupkg.metadata")));
            Assert.Single(said);

            Write("src/Tiny/obj/noise.txt", "what a build leaves is no source");
            using LocalFeed same = await PrepareAsync();
            Assert.Equal(first, same.Folder);
            Assert.Single(said);

            Project("public class A; public class B;");
            using LocalFeed changed = await PrepareAsync();
            Assert.NotEqual(first, changed.Folder);
            Assert.Equal(2, said.Count);
            Assert.True(Directory.Exists(first), "a run still reads the old package");
        }
        using LocalFeed later = await PrepareAsync();
        Assert.False(Directory.Exists(first), "nobody reads the old package any more");
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public async Task A_library_that_does_not_build_is_told_with_the_compilers_words()
    {
        Project("public class A");
        var error = await Assert.ThrowsAsync<KernelException>(PrepareAsync);
        Assert.StartsWith("The library does not build, so notebooks cannot use it: ", error.Message);
        Assert.Contains("Tiny.cs(1,15): error CS1514", error.Message);
    }

    [Theory]
    [InlineData("other", false)]
    [InlineData("ours", true)]
    public void A_cached_copy_of_the_same_version_stays_only_if_it_is_the_same(string hash, bool stays)
    {
        Write("unpacked/tiny/1.0.0/.nupkg.metadata", """{"version": 2, "contentHash": "ours"}""");
        Write("cache/tiny/1.0.0/.nupkg.metadata", $$"""{"version": 2, "contentHash": "{{hash}}"}""");
        Write("cache/tiny/0.9.0/.nupkg.metadata", """{"version": 2, "contentHash": "older"}""");
        LocalFeed.ForgetOtherCopies(Path.Combine(root, "unpacked"), Path.Combine(root, "cache"));
        Assert.Equal(stays, Directory.Exists(Path.Combine(root, "cache/tiny/1.0.0")));
        Assert.True(Directory.Exists(Path.Combine(root, "cache/tiny/0.9.0")));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.Combine(root, "cache")));
    }
}
