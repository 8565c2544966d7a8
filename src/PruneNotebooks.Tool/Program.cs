using System.CommandLine;
using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

return await CommandLine.RunAsync(new RootCommand("Visual-token pruning, from the command line.")
{
    RunCommand.Create(),
}, args);
