using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>What VS Code and Jupyter need: a kernelspec, and what it names must be there and be of today.</summary>
static class KernelSpecChecks
{
    const string Topic = "kernelspec", Again = "'prune kernel install' brings it up to date.";

    /// <summary>One check for each kernelspec that front ends find; one that says so when there is none.</summary>
    /// <param name="folder">Where the person stands.</param>
    public static IReadOnlyList<Check> All(string folder)
    {
        List<KernelInstallation> found = [.. JupyterFolders.Searched.Select(kernels => new KernelInstallation(kernels)).Where(place => place.Exists)];
        return found.Count > 0
            ? [.. found.Select((place, order) => Of(place, folder, shadowed: order > 0))]
            : [new(Topic, Health.Warn, $"VS Code and Jupyter find no kernel '{KernelSpec.Name}'", "'prune kernel install' adds it; 'prune run' works without.")];
    }

    static Check Of(KernelInstallation place, string folder, bool shadowed)
    {
        string where = place.Folder + (shadowed ? " (hidden by the one before)" : "");
        try
        {
            if (place.Spec is not { } spec)
                return new(Topic, Health.Warn, $"{where}: of another program", "It may need that program's extension; 'prune kernel install --replace' puts ours in its place.");
            if (Fault(spec, folder) is { } fault) return new(Topic, Health.Warn, $"{where}: {fault}", Again);
            string library = spec.Checkout is { } checkout ? $"the library of {checkout.Root}" : "the published package";
            return Check.Ok(Topic, $"{where}: .NET Interactive {spec.Version}, loads {library}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KernelException)
        {
            return new(Topic, Health.Warn, $"{where}: {Check.Cause(e)}", Again);
        }
    }

    /// <summary>What is wrong with a kernelspec of ours, for a person in a folder; <see langword="null"/> if nothing.</summary>
    internal static string? Fault(KernelSpec spec, string folder)
    {
        if (Path.IsPathRooted(spec.Host) && !File.Exists(spec.Host)) return $"it starts {spec.Host}, which is not there";
        if (!File.Exists(spec.Library)) return $"it starts {spec.Library}, which is not there";
        string? root = Checkout.Find(folder);
        string pinned = KernelTool.Look(root ?? AppContext.BaseDirectory).Version;
        if (spec.Version != pinned) return $"it starts version {spec.Version} of the kernel; {pinned} is pinned";
        if (spec.Checkout is not { } checkout) return root is null ? null : $"its notebooks load the published package, not the library of {root}";
        if (!Directory.Exists(checkout.Packages)) return $"its packages, {checkout.Packages}, are not there";
        if (root is not null && root != checkout.Root) return $"its notebooks load the library of {checkout.Root}, not of {root}";
        return root is not null && LocalFeed.Hash(root, Checkout.PackageInputs) != checkout.Sources ? $"the library in {root} has changed since it was installed" : null;
    }
}
