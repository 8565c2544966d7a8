using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Diagnosis;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>The kernelspec on disk.</summary>
[Collection(KernelTests.Name)]
public sealed class KernelInstallationTests(KernelFixture kernel) : IDisposable
{
    readonly TemporaryFolder folder = new();

    KernelInstallation Place => new(folder["kernels"]);
    string Spec => folder["kernels/.net-csharp/kernel.json"];

    public void Dispose() => folder.Dispose();

    KernelChange Install(bool replace = false) => Place.Install(kernel.Tool, KernelFixture.Root, kernel.Feed, replace);
    KernelChange InstallPublished() => Place.Install(kernel.Tool, null, null, replace: false);

    IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["kernels"], file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_front_end_reads_how_to_start_the_kernel_and_nothing_that_makes_it_ask_for_an_extension()
    {
        Assert.Equal(KernelChange.Installed, Install());
        JsonNode spec = JsonNode.Parse(File.ReadAllText(Spec))!;
        var argv = spec["argv"]!.AsArray().Select(argument => (string)argument!).ToList();
        Assert.True(Path.IsPathRooted(argv[0]) && File.Exists(argv[0]), argv[0]);
        Assert.Equal(kernel.Tool.Library, argv[1]);
        Assert.Equal(["jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-local-only"], argv[2..]);
        Assert.Equal((".NET (C#)", "C#", "message"), ((string)spec["display_name"]!, (string)spec["language"]!, (string)spec["interrupt_mode"]!));
        Assert.Equal("1", (string)spec["env"]!["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"]!);
        Assert.DoesNotContain("vscode", File.ReadAllText(Spec));
        Assert.Equal(["argv", "display_name", "env", "interrupt_mode", "language", "metadata"], spec.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_pictures_have_the_sizes_that_their_names_say()
    {
        Install();
        foreach (int size in (int[])[32, 64])
        {
            byte[] png = File.ReadAllBytes(folder[$"kernels/.net-csharp/logo-{size}x{size}.png"]);
            Assert.Equal((size, size), (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        }
    }

    [Fact]
    public void A_second_installation_changes_nothing_and_a_damaged_one_is_repaired()
    {
        Install();
        var times = Files().ToDictionary(file => file, file => File.GetLastWriteTimeUtc(folder["kernels/" + file]));
        Assert.Equal(KernelChange.None, Install());
        Assert.Equal(times, Files().ToDictionary(file => file, file => File.GetLastWriteTimeUtc(folder["kernels/" + file])));

        File.Delete(folder["kernels/.net-csharp/logo-64x64.png"]);
        Directory.Delete(folder["kernels/.net-csharp/packages"], recursive: true);
        Assert.Equal(KernelChange.Updated, Install());
        Assert.Equal(times.Keys, Files());
    }

    [Fact]
    public void The_checked_out_library_lies_in_the_kernelspec_until_the_published_one_is_wanted()
    {
        Install();
        string packages = (string)JsonNode.Parse(File.ReadAllText(Spec))!["env"]!["RestoreAdditionalProjectFallbackFolders"]!;
        string ours = Assert.Single(Directory.EnumerateFiles(packages, "PruneNotebooks.dll", SearchOption.AllDirectories));
        string packed = Assert.Single(Directory.EnumerateFiles(kernel.Feed.Packages, "PruneNotebooks.dll", SearchOption.AllDirectories));
        Assert.Equal(File.ReadAllBytes(packed), File.ReadAllBytes(ours));

        Assert.Equal(KernelChange.Updated, InstallPublished());
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], Files().Select(Path.GetFileName));
        Assert.DoesNotContain("RestoreAdditionalProjectFallbackFolders", File.ReadAllText(Spec));
        Assert.Equal(KernelChange.Updated, Install());
    }

    [Fact]
    public void Removing_it_leaves_what_others_have_put_there()
    {
        Install();
        File.WriteAllText(folder["kernels/.net-csharp/notes.txt"], "mine");
        Directory.CreateDirectory(folder["kernels/python3"]);
        Assert.True(Place.Uninstall());
        Assert.Equal([".net-csharp/notes.txt"], Files());
        Assert.True(Directory.Exists(folder["kernels/python3"]));
        Assert.False(Place.Uninstall());

        File.Delete(folder["kernels/.net-csharp/notes.txt"]);
        Install();
        Place.Uninstall();
        Assert.False(Directory.Exists(folder["kernels/.net-csharp"]));
    }

    [Theory]
    [InlineData("""{"argv": ["dotnet", "interactive", "jupyter", "{connection_file}"], "metadata": {"vscode": {"extension_id": "ms-dotnettools.dotnet-interactive-vscode"}}}""")]
    [InlineData("{")]
    [InlineData("[]")]
    public void A_kernelspec_of_another_program_is_left_alone_unless_told_to_replace_it(string foreign)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Spec)!);
        File.WriteAllText(Spec, foreign);
        string sentence = $"{Spec} was not written by this program and is left alone; 'prune kernel install --replace' puts ours in its place.";
        Assert.Equal(sentence, Assert.Throws<KernelException>(() => Install()).Message);
        Assert.Equal(sentence, Assert.Throws<KernelException>(() => Place.Uninstall()).Message);
        Assert.Equal([".net-csharp/kernel.json"], Files());
        Assert.Equal(foreign, File.ReadAllText(Spec));

        Assert.Equal(KernelChange.Installed, Install(replace: true));
        Assert.NotNull(Place.Spec);
    }

    [Fact]
    public void What_is_wrong_with_a_kernelspec_is_told()
    {
        Install();
        KernelSpec spec = Place.Spec!;
        CheckedOutLibrary library = spec.Checkout!;
        string elsewhere = folder.Path;
        Assert.Null(KernelSpecChecks.Fault(spec, KernelFixture.Root));
        Assert.Equal("it starts /nowhere/dotnet, which is not there", Fault(spec with { Host = "/nowhere/dotnet" }));
        Assert.Equal("it starts /nowhere/kernel.dll, which is not there", Fault(spec with { Library = "/nowhere/kernel.dll" }));
        Assert.Equal($"it starts version 0.0.1 of the kernel; {spec.Version} is pinned", Fault(spec with { Version = "0.0.1" }));
        Assert.Equal($"its notebooks load the published package, not the library of {KernelFixture.Root}", Fault(spec with { Checkout = null }));
        Assert.Equal("its packages, /nowhere, are not there", Fault(spec with { Checkout = library with { Packages = "/nowhere" } }));
        Assert.Equal($"its notebooks load the library of {elsewhere}, not of {KernelFixture.Root}", Fault(spec with { Checkout = library with { Root = elsewhere } }));
        Assert.Equal($"the library in {KernelFixture.Root} has changed since it was installed", Fault(spec with { Checkout = library with { Sources = "0123456789abcdef" } }));

        string? Fault(KernelSpec wrong) => KernelSpecChecks.Fault(wrong, KernelFixture.Root);
    }
}
