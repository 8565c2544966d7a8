using System.Security.Cryptography;
using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>
/// Hands tensors to Python and takes them back, in one call on each side: a safetensors file, or its bytes as a text for <c>#!set</c>.
/// </summary>
/// <remarks>
/// In Python, <c>prune_tensors</c> does the same with numpy arrays; put <see cref="PythonFolder"/> on <c>sys.path</c>. Any library that knows
/// safetensors reads and writes the files, too. What is read is copied: the other program may write the file anew at once.
/// </remarks>
public static class TensorExchange
{
    const string Module = "prune_tensors.py";

    static readonly Lazy<string> Folder = new(() => UnpackModule(CacheFolder.Of("python")));

    /// <summary>A folder with <c>prune_tensors.py</c>, to be put on Python's <c>sys.path</c>: it comes with this library and needs numpy alone.</summary>
    public static string PythonFolder => Folder.Value;

    /// <summary>Writes a safetensors file: completely or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">Names and tensors, any shape, on any device; not changed.</param>
    /// <exception cref="ArgumentException">A name appears twice, or the format does not have a tensor's type.</exception>
    public static void Write(string path, params ReadOnlySpan<(string Name, Tensor Tensor)> tensors) => SafetensorsWriter.Write(path, Pairs(tensors));

    /// <summary>Reads all tensors of a safetensors file, onto the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the sentence names file and byte.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static NamedTensors Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return new NamedTensors(file, path);
    }

    /// <summary>The same as a text: <c>#!set --name x --value @csharp:x</c> in a Python cell, then <c>prune_tensors.unpack(x)</c>.</summary>
    /// <remarks>For tensors of some megabytes; larger ones go through a file.</remarks>
    /// <inheritdoc cref="Write" path="/param[@name='tensors']"/>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static string Pack(params ReadOnlySpan<(string Name, Tensor Tensor)> tensors) => Convert.ToBase64String(SafetensorsWriter.ToBytes(Pairs(tensors)));

    /// <summary>The tensors of a text that <c>prune_tensors.pack</c> or <see cref="Pack"/> returned.</summary>
    /// <exception cref="InvalidDataException">The text is something else, or damaged.</exception>
    public static NamedTensors Unpack(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string name = "packed tensors";
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"'{name}': the text of {text.Length} characters is not base64; give what prune_tensors.pack or TensorExchange.Pack returned.", e);
        }
        using var file = SafetensorsFile.Open(bytes, name);
        return new NamedTensors(file, name);
    }

    /// <summary>Puts the module into a folder that is named by its content, so that versions of this library do not meet.</summary>
    internal static string UnpackModule(string folder)
    {
        using var content = typeof(TensorExchange).Assembly.GetManifestResourceStream(Module)!;
        byte[] bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        string home = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]), file = Path.Combine(home, Module);
        if (!File.Exists(file)) AtomicFile.Write(file, bytes);
        return home;
    }

    static KeyValuePair<string, Tensor>[] Pairs(ReadOnlySpan<(string Name, Tensor Tensor)> tensors)
    {
        var pairs = new KeyValuePair<string, Tensor>[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i].Tensor is null) throw new ArgumentException($"Tensor '{tensors[i].Name}' is null.", nameof(tensors));
            pairs[i] = new(tensors[i].Name, tensors[i].Tensor);
        }
        return pairs;
    }
}
