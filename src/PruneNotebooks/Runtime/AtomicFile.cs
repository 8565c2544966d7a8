namespace PruneNotebooks.Runtime;

/// <summary>Files that are either as they were or complete, whatever happens to the program while it writes.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file under a temporary name beside it and renames it when it is complete; makes the folder if it is not there.</summary>
    /// <param name="path">The file to make or replace; a link keeps pointing to the file that is replaced.</param>
    /// <param name="write">Writes the content; when it throws, the old file stays as it is.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    /// <param name="path">The file to make or replace; a link keeps pointing to the file that is replaced.</param>
    /// <param name="content">The content.</param>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));
}
