using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The weights of a model folder: <c>model.safetensors</c>, or the files that <c>model.safetensors.index.json</c> lists.</summary>
/// <remarks>
/// Files are mapped and each tensor is converted when it is taken, so that loading needs memory for one copy of the weights - and none of
/// its own where they are wanted on the CPU as they are stored. Names may be in either published layout of LLaVA; ask in the older one.
/// </remarks>
public sealed class Checkpoint : IWeights, IDisposable
{
    const string Single = "model.safetensors", Index = "model.safetensors.index.json";

    readonly string folder;
    readonly List<SafetensorsFile> files = [];
    readonly Dictionary<string, (SafetensorsFile File, string Path, string StoredName)> tensors = [];
    readonly HashSet<string> taken = [];

    Checkpoint(string folder, Device device, ScalarType dtype) => (this.folder, Device, DType) = (folder, device, dtype);

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public ScalarType DType { get; }

    /// <summary>The tensors that nothing has taken, by the names in the files: what the model did not know of.</summary>
    public IReadOnlyList<string> Unused =>
        [.. tensors.Where(tensor => !taken.Contains(tensor.Key) && !CheckpointNames.IsComputed(tensor.Key)).Select(tensor => tensor.Value.StoredName).Order(StringComparer.Ordinal)];

    /// <summary>Opens the weights of a model folder.</summary>
    /// <param name="folder">A folder in the Hugging Face layout.</param>
    /// <param name="device">Where to put tensors.</param>
    /// <param name="dtype">The type to convert them to.</param>
    /// <exception cref="FileNotFoundException">The folder has no safetensors file, or the index lists one that is not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or index and files disagree.</exception>
    public static Checkpoint Open(string folder, Device device, ScalarType dtype)
    {
        var checkpoint = new Checkpoint(folder, device, dtype);
        try
        {
            checkpoint.OpenFiles();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Has(string name) => tensors.ContainsKey(name);

    /// <inheritdoc/>
    public Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (!tensors.TryGetValue(name, out var found))
            throw new InvalidDataException($"'{folder}': tensor '{name}' of shape {Shown(shape)} is missing from the {tensors.Count} tensors of its safetensors files. Do config.json and weights belong together?");
        var entry = found.File.Tensors[found.StoredName];
        if (!shape.SequenceEqual(entry.Shape))
            throw new InvalidDataException($"'{found.Path}': tensor '{found.StoredName}' has the shape {Shown(entry.Shape)}; config.json asks for {Shown(shape)}.");
        taken.Add(name);
        return found.File.Read(found.StoredName, Device, DType);
    }

    /// <summary>Builds a model from these weights. If that fails, or leaves weights that the model does not know of, nothing of it stays in memory.</summary>
    internal T Build<T>(Func<T> build) where T : IDisposable
    {
        using var scope = NewDisposeScope();
        T model = build();
        if (Unused is [var first, ..])
            throw new InvalidDataException($"'{folder}' has {Unused.Count} tensors that a model of this configuration has no use for, such as '{first}'. Do config.json and weights belong together?");
        scope.Detach([.. scope.DisposablesView]);
        return model;
    }

    /// <summary>Lets go of the files; tensors that were taken stay.</summary>
    public void Dispose()
    {
        foreach (var file in files) file.Dispose();
    }

    void OpenFiles()
    {
        string single = Path.Combine(folder, Single), index = Path.Combine(folder, Index);
        if (File.Exists(single)) OpenFile(single);
        else if (File.Exists(index)) OpenShards(index);
        else throw new FileNotFoundException($"'{folder}' has neither {Single} nor {Index}; weights in another format (.bin, .pth, .gguf) must be converted to safetensors first.", single);

        if (!CheckpointNames.AreNewer(tensors.Keys)) return;
        var newer = tensors.ToArray();
        tensors.Clear();
        foreach (var (name, tensor) in newer) Add(CheckpointNames.Older(name), tensor);
    }

    void OpenShards(string index)
    {
        var shards = ConfigFields.Open(index).Texts("weight_map");
        foreach (string shard in shards.Values.Distinct().Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, shard);
            if (shard != Path.GetFileName(shard)) throw new InvalidDataException($"'{index}' lists the file '{shard}', which is not a plain file name.");
            if (!File.Exists(path)) throw new FileNotFoundException($"'{index}' lists the file '{shard}', which is not in the folder. Was the download interrupted?", path);
            OpenFile(path);
        }
        foreach (var (name, shard) in shards)
            if (!tensors.TryGetValue(name, out var tensor) || Path.GetFileName(tensor.Path) != shard)
                throw new InvalidDataException($"'{index}' says that tensor '{name}' is in '{shard}', but that file does not have it.");
    }

    void OpenFile(string path)
    {
        var file = SafetensorsFile.Open(path);
        files.Add(file);
        foreach (string name in file.Tensors.Keys) Add(name, (file, path, name));
    }

    void Add(string name, (SafetensorsFile File, string Path, string StoredName) tensor)
    {
        if (!tensors.TryAdd(name, tensor))
            throw new InvalidDataException($"'{tensor.Path}': tensor '{tensor.StoredName}' is also in '{tensors[name].Path}' as '{tensors[name].StoredName}'; which one counts?");
    }

    static string Shown(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
