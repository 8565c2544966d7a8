using PruneNotebooks.Runtime;
using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

// Results name device and type themselves; a person who waits for a large model learns it before.
Compute.FirstUse += compute =>
{
    if (!Console.IsErrorRedirected) Console.Error.WriteLine($"Computing on {compute}.");
};
return await CommandLine.RunAsync(PruneCommand.Create(), args);
