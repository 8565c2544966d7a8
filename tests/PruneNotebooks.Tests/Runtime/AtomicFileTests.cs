using System.Runtime.Versioning;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Tests.Runtime;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.Write(folder["a"], [1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a"], stream =>
        {
            stream.Write([4, 5]);
            throw new InvalidOperationException();
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Links_and_permissions_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        AtomicFile.Write(folder["a"], [1]);
        File.SetUnixFileMode(folder["a"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(folder["link"], folder["a"]);
        AtomicFile.Write(folder["link"], [2]);
        Assert.Equal([2], File.ReadAllBytes(folder["a"]));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a"]));
    }
}
