namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A file that is not a notebook this program can read; the message is one sentence that names the file and the place.</summary>
public sealed class NotebookFormatException(string message, Exception? inner = null) : Exception(message, inner);
