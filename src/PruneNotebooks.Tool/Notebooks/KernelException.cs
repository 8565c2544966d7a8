namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The kernel, or something that must be in place before it starts, is not to be had; the message says what to do.</summary>
public sealed class KernelException(string message, Exception? inner = null) : Exception(message, inner);
