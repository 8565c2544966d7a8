using PruneNotebooks.Runtime;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What an installation has changed.</summary>
enum KernelChange
{
    None,
    Installed,
    Updated,
}

/// <summary>Our kernelspec in one of the folders that front ends search: a folder with <c>kernel.json</c>, pictures, and perhaps packages.</summary>
/// <param name="Kernels">The folder of kernelspecs.</param>
sealed record KernelInstallation(string Kernels)
{
    const string Library = "PruneNotebooks";
    static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    /// <summary>The folder of this kernelspec.</summary>
    public string Folder => Path.Combine(Kernels, KernelSpec.Name);

    /// <summary>Whether there is a kernelspec of this name, ours or another.</summary>
    public bool Exists => File.Exists(SpecFile);

    /// <summary>The kernelspec, if it is ours.</summary>
    public KernelSpec? Spec => Exists ? KernelSpec.Read(SpecFile) : null;

    string SpecFile => Path.Combine(Folder, KernelSpec.FileName);
    string Packages => Path.Combine(Folder, "packages");

    /// <summary>Writes the kernelspec, or brings it up to date. <c>kernel.json</c> comes last: until then front ends see what was there before.</summary>
    /// <param name="tool">The kernel's program.</param>
    /// <param name="root">The checkout that <paramref name="feed"/> was packed from.</param>
    /// <param name="feed">The packed library, which is copied; <see langword="null"/> for the published package.</param>
    /// <param name="replace">Replace a kernelspec of the same name that is not ours.</param>
    /// <exception cref="KernelException">There is one that is not ours.</exception>
    public KernelChange Install(KernelTool tool, string? root, LocalFeed? feed, bool replace)
    {
        ThrowIfForeign(replace);
        KernelSpec? before = Spec;
        var wanted = new KernelSpec(Executables.DotNet, tool.Library, tool.Version, feed is null ? null : new(root!, feed.Sources, Packages));
        bool changed = false;
        if (wanted.Checkout is null ? Directory.Exists(Packages) : wanted.Checkout.Sources != before?.Checkout?.Sources || !Directory.Exists(Packages))
        {
            ReplacePackages(feed?.Packages);
            PackageResolutions.Forget(Library);
            changed = true;
        }
        foreach (string logo in Logos) changed |= WriteIfOther(Path.Combine(Folder, logo), Carried(logo));
        changed |= WriteIfOther(SpecFile, wanted.ToJson());
        return !changed ? KernelChange.None : before is null ? KernelChange.Installed : KernelChange.Updated;
    }

    /// <summary>Removes the kernelspec, and nothing that somebody else has put beside it; false when there is none.</summary>
    /// <exception cref="KernelException">It is not ours.</exception>
    public bool Uninstall()
    {
        if (!Exists) return false;
        ThrowIfForeign(replace: false);
        File.Delete(SpecFile);
        foreach (string logo in Logos) File.Delete(Path.Combine(Folder, logo));
        ReplacePackages(null);
        PackageResolutions.Forget(Library);
        if (!Directory.EnumerateFileSystemEntries(Folder).Any()) Directory.Delete(Folder);
        return true;
    }

    /// <summary>Stops before a kernelspec of the same name that is not ours.</summary>
    /// <param name="replace">Do not stop.</param>
    /// <exception cref="KernelException">There is one.</exception>
    public void ThrowIfForeign(bool replace)
    {
        if (Exists && Spec is null && !replace)
            throw new KernelException($"{SpecFile} was not written by this program and is left alone; 'prune kernel install --replace' puts ours in its place.");
    }

    /// <summary>Puts other packages in the place of those that are there; a session that runs keeps the files it has opened.</summary>
    void ReplacePackages(string? source)
    {
        Directory.CreateDirectory(Folder);
        foreach (string left in Directory.EnumerateDirectories(Folder, "packages.*")) Directory.Delete(left, recursive: true);
        string draft = Path.Combine(Folder, "packages.new"), old = Path.Combine(Folder, "packages.old");
        if (source is not null) Copy(source, draft);
        if (Directory.Exists(Packages)) Directory.Move(Packages, old);
        if (source is not null) Directory.Move(draft, Packages);
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    static bool WriteIfOther(string file, byte[] content)
    {
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(content)) return false;
        AtomicFile.Write(file, content);
        return true;
    }

    static byte[] Carried(string name)
    {
        using Stream carried = typeof(KernelInstallation).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        carried.CopyTo(bytes);
        return bytes.ToArray();
    }
}
