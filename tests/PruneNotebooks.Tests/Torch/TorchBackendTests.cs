using System.Diagnostics;
using System.Xml.Linq;
using PruneNotebooks.Tests.Notebooks;
using PruneNotebooks.Tool.Notebooks;
using PruneNotebooks.Tool.Torch;

namespace PruneNotebooks.Tests.Torch;

public sealed class TorchBackendTests
{
    [Fact]
    public void The_installed_tool_takes_the_versions_that_the_repository_is_built_with()
    {
        var pinned = XDocument.Load(Path.Combine(KernelFixture.Root, "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(e => (string)e.Attribute("Include")!, e => (string)e.Attribute("Version")!);
        Assert.Equal(pinned["libtorch-cpu-linux-x64"], TorchBackend.Cpu.Version);
        Assert.Equal(pinned["TorchSharp-cuda-linux"], TorchBackend.Cuda.Version);
        string notebooks = File.ReadAllText(Path.Combine(KernelFixture.Root, "environment", "torch.dib"));
        Assert.Contains($"libtorch-cpu-linux-x64, {TorchBackend.Cpu.Version}", notebooks);
        Assert.Contains($"TorchSharp-cuda-linux, {TorchBackend.Cuda.Version}", notebooks);
    }

    [Fact]
    public async Task Stopping_while_libtorch_is_restored_leaves_nothing_half_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends a signal");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Executables.DotNet, Path.Combine(AppContext.BaseDirectory, "prune.dll"), "ask", "--scene", "7", "--torch", "cuda"]) { RedirectStandardError = true };
        (start.Environment["XDG_CACHE_HOME"], start.Environment["NUGET_PACKAGES"]) = (folder["cache"], folder["packages"]);
        using var program = Process.Start(start)!;
        Assert.StartsWith("Restoring libtorch for NVIDIA GPUs", await program.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        while (!Directory.Exists(folder["cache/PruneNotebooks/torch"])) await Task.Delay(10, TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", ["-INT", $"{program.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((130, "Stopped.\n"), (program.ExitCode, said));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["cache/PruneNotebooks/torch"]));
    }
}
