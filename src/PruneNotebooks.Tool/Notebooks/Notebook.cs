using System.Text;
using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// A Jupyter notebook (nbformat 4) as the bytes of its file plus what a run needs to know about them. The bytes are never parsed
/// and printed again: <see cref="NotebookWriter"/> replaces outputs and execution counts in place and leaves every other byte alone.
/// </summary>
public sealed class Notebook
{
    /// <summary>What messages call this notebook: the path it was read from.</summary>
    public required string Name { get; init; }
    public required IReadOnlyList<NotebookCell> Cells { get; init; }
    /// <summary>The notebook's kernel language in lower case (<c>c#</c>, <c>python</c> ...), or null when the file does not say.</summary>
    public string? Language { get; init; }
    /// <summary>True from nbformat 4.5 on: every cell has an id.</summary>
    public bool HasCellIds { get; init; }
    internal ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Reads a notebook from a file.</summary>
    /// <exception cref="NotebookFormatException">The file is missing, unreadable or no notebook of nbformat 4.</exception>
    public static Notebook Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotebookFormatException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException(Directory.Exists(path) ? $"{path} is a folder; name the notebooks in it." : $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a notebook from the bytes of its file.</summary>
    /// <exception cref="NotebookFormatException">The bytes are no notebook of nbformat 4.</exception>
    public static Notebook Parse(byte[] bytes, string name)
    {
        try
        {
            return new NotebookReader(bytes, name).Read();
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException(
                $"{name} is not a notebook: no valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} ({FirstSentence(e.Message)}).", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw new NotebookFormatException($"{name} is damaged: {FirstSentence(e.Message)}.", e);
        }
    }

    static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');
}
