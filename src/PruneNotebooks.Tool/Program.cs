using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

return await CommandLine.RunAsync(PruneCommand.Create(), args);
