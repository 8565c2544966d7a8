using System.Text.Json;

namespace PruneNotebooks.Runtime;

/// <summary>Results of long work, written down one by one, so that work that was cut off - also by a crash - goes on where it stopped.</summary>
/// <remarks>
/// A text file with one JSON value a line. The first line says what the work is; a journal of other work is refused. A line that was cut off
/// in the middle is dropped, and its result is made again: nothing is lost and nothing counts twice.
/// </remarks>
/// <typeparam name="T">One result; must survive JSON.</typeparam>
public sealed class Journal<T> : IDisposable
{
    readonly FileStream file;
    readonly List<T> results = [];

    Journal(FileStream file) => this.file = file;

    /// <summary>What has been written down, in order.</summary>
    public IReadOnlyList<T> Results => results;

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file; its folder is made if it is not there.</param>
    /// <param name="work">What the work is: model, data, options. Must be the same when the work goes on.</param>
    /// <exception cref="InvalidDataException">The file is a journal of other work, or no journal; the message names both works.</exception>
    /// <exception cref="IOException">The file cannot be opened, for instance because another process writes to it.</exception>
    public static Journal<T> Open(string path, string work)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(work);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var journal = new Journal<T>(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
            journal.Read(path, work);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    void Read(string path, string work)
    {
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        int end = 0;   // behind the last line that is whole
        for (int line = 0, next; (next = Array.IndexOf(content, (byte)'\n', end)) >= 0; line++, end = next + 1)
        {
            var text = content.AsSpan(end, next - end);
            try
            {
                if (line > 0) results.Add(JsonSerializer.Deserialize<T>(text)!);
                else if (JsonSerializer.Deserialize<string>(text) is var written && written != work)
                    throw new InvalidDataException($"{path} holds the results of other work ('{written}'), not of '{work}'. Give another file, or delete this one.");
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{path}, line {line + 1}, is not what a journal holds: {e.Message}", e);
            }
        }
        if (end == 0 && content.Length > 0 && content[0] != (byte)'"')
            throw new InvalidDataException($"{path} is not a journal: its first line does not say what the work is.");
        file.SetLength(end);
        file.Position = end;
        if (end == 0) WriteLines([work]);
    }

    /// <summary>Writes a result down; it is on the disk when the call returns.</summary>
    public void Add(T result) => AddAll([result]);

    /// <summary>Writes results down; they are on the disk when the call returns.</summary>
    public void AddAll(IReadOnlyCollection<T> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        WriteLines(more);
        results.AddRange(more);
    }

    void WriteLines<TValue>(IEnumerable<TValue> values)
    {
        file.Write([.. values.SelectMany(value => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(value), (byte)'\n'])]);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
