using System.CommandLine;
using PruneNotebooks.Tool.Torch;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune</c>: all verbs.</summary>
static class PruneCommand
{
    public static RootCommand Create() => new("Visual-token pruning, from the command line.")
    {
        RunCommand.Create(),
        AskCommand.Create(),
        BenchCommand.Create(),
        MethodsCommand.Create(),
        SelectCommand.Create(),
        ProbeCommand.Create(),
        ScenesCommand.Create(),
        KernelCommand.Create(),
        DoctorCommand.Create(),
        TorchBackend.Option,
    };
}
