using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// The checked-out library as a package that notebooks find under its ordinary version, so that a notebook says today what it will say
/// once the package is published: <c>#r "nuget: Name, 1.2.3"</c>.
/// </summary>
/// <remarks>
/// NuGet keeps a version for ever, so each content gets a folder of its own, named by a hash of the sources: the package, and the same
/// unpacked in the layout of NuGet's folder. The kernel reads the latter as a fallback folder. Nothing is written into the user's own
/// NuGet folder, and notebooks of several checkouts, or of one checkout at several moments, run side by side without meeting.
/// </remarks>
public sealed class LocalFeed : IDisposable
{
    readonly FileStream inUse;

    LocalFeed(string folder, FileStream inUse) => (Folder, this.inUse) = (folder, inUse);

    /// <summary>The folder with the package file: a package source.</summary>
    public string Folder { get; }

    /// <summary>The same packages unpacked, as NuGet keeps them.</summary>
    public string Packages => Unpacked(Folder);

    /// <summary>A name of the sources that were packed, from their content.</summary>
    public string Sources => Path.GetFileName(Folder);

    /// <summary>What the kernel's environment needs so that its restore takes the library from here.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { [PackagesVariable] = Packages };

    /// <summary>A property of every restore, and as such an environment variable: a folder that is read as NuGet's own, and before any source.</summary>
    public const string PackagesVariable = "RestoreAdditionalProjectFallbackFolders";

    /// <summary>Packs a project unless that has been done for the same sources.</summary>
    /// <param name="root">The root of the repository; the feed lies in its folder <c>artifacts/feed</c>.</param>
    /// <param name="project">The project file, relative to the root.</param>
    /// <param name="inputs">Files and folders, relative to the root, that the package depends on.</param>
    /// <param name="say">Hears that the library is being packed.</param>
    /// <param name="cancel">Stops the packing.</param>
    /// <exception cref="KernelException">The project does not build.</exception>
    public static async Task<LocalFeed> PrepareAsync(
        string root, string project, IEnumerable<string> inputs, Action<string> say, CancellationToken cancel)
    {
        string feeds = Directory.CreateDirectory(Path.Combine(root, "artifacts", "feed")).FullName;
        using FileStream oneAtATime = await LockAsync(Path.Combine(feeds, "pack.lock"), say, cancel);
        string folder = Path.Combine(feeds, Hash(root, inputs));
        if (!Directory.Exists(folder))
        {
            say($"packing {Path.GetFileNameWithoutExtension(project)} for notebooks");
            string draft = Path.Combine(feeds, "draft");
            Delete(draft);
            await PackAsync(root, project, draft, cancel);
            foreach (string package in Directory.EnumerateFiles(draft, "*.nupkg")) Unpack(package, Unpacked(draft));
            Directory.Move(draft, folder);
        }
        var inUse = new FileStream(Path.Combine(folder, "in-use.lock"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        ForgetOtherCopies(Unpacked(folder), NuGetPackages.Folder);
        foreach (string old in Directory.EnumerateDirectories(feeds).Where(f => f != folder)) DeleteUnlessInUse(old);
        return new(folder, inUse);
    }

    public void Dispose() => inUse.Dispose();

    static string Unpacked(string folder) => Path.Combine(folder, "packages");

    static async Task PackAsync(string root, string project, string folder, CancellationToken cancel)
    {
        CommandResult pack = await CommandResult.RunAsync(Executables.DotNet,
            ["pack", Path.Combine(root, project), "-c", "Release", "-o", folder, "--nologo"], root, cancel);
        if (pack.ExitCode == 0) return;
        IEnumerable<string> errors = pack.Output.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal)).Select(line => line.Trim());
        string words = string.Join(" | ", errors.Distinct().Take(3).DefaultIfEmpty(pack.LastLines(3)));
        throw new KernelException($"The library does not build, so notebooks cannot use it: {words}");
    }

    /// <summary>Unpacks a package as NuGet does: <c>id/version/</c>, both in lower case, with a note of the content's hash.</summary>
    static void Unpack(string package, string packages)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        (string id, string version) = Identity(archive, package);
        string folder = Directory.CreateDirectory(Path.Combine(packages, id.ToLowerInvariant(), version.ToLowerInvariant())).FullName;
        archive.ExtractToDirectory(folder);
        string spec = Path.Combine(folder, id + ".nuspec"), expected = Path.Combine(folder, id.ToLowerInvariant() + ".nuspec");
        if (spec != expected) File.Move(spec, expected);
        string hash = Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(package)));
        var note = new JsonObject { ["version"] = 2, ["contentHash"] = hash, ["source"] = null };
        File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), note.ToJsonString());
    }

    static (string Id, string Version) Identity(ZipArchive archive, string package)
    {
        ZipArchiveEntry spec = archive.Entries.FirstOrDefault(e => e.FullName == e.Name && e.Name.EndsWith(".nuspec", StringComparison.Ordinal))
            ?? throw new KernelException($"{package} has no .nuspec.");
        using Stream stream = spec.Open();
        var metadata = System.Xml.Linq.XDocument.Load(stream).Root!.Elements().First(e => e.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().First(e => e.Name.LocalName == name).Value;
        return (Value("id"), Value("version"));
    }

    /// <summary>A copy of the same version in the user's NuGet folder would win over ours: with other content, NuGet shall fetch it anew.</summary>
    internal static void ForgetOtherCopies(string unpacked, string packages)
    {
        // A name that begins with a dot counts as hidden, and hidden files are usually passed over.
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (string ours in Directory.EnumerateFiles(unpacked, ".nupkg.metadata", everything))
        {
            string cached = Path.Combine(packages, Path.GetRelativePath(unpacked, Path.GetDirectoryName(ours)!));
            string theirs = Path.Combine(cached, ".nupkg.metadata");
            if (!File.Exists(theirs) || ContentHash(theirs) == ContentHash(ours)) continue;
            string doomed = Path.Combine(packages, Path.GetRandomFileName());
            try
            {
                Directory.Move(cached, doomed);
            }
            catch (DirectoryNotFoundException)
            {
                continue;   // Another run was faster.
            }
            Delete(doomed);
        }
    }

    static string? ContentHash(string metadata) => (string?)JsonNode.Parse(File.ReadAllText(metadata))?["contentHash"];

    /// <summary>The name that <see cref="Sources"/> has for what lies there now.</summary>
    public static string Hash(string root, IEnumerable<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in inputs.SelectMany(input => Files(Path.Combine(root, input))).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file) + "\0"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) return [];
        return Directory.EnumerateFiles(path)
            .Concat(Directory.EnumerateDirectories(path).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")).SelectMany(Files));
    }

    static async Task<FileStream> LockAsync(string path, Action<string> say, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (attempt == 10) say("waiting for another run that packs the library");
                await Task.Delay(200, cancel);
            }
        }
    }

    /// <summary>Old contents go when no run reads them any more; what is still read goes another time.</summary>
    static void DeleteUnlessInUse(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, "in-use.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)) { }
            Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
