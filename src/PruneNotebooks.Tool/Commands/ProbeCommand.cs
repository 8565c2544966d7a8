using System.CommandLine;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune probe</c>: the instruments that tell when and where a model needs its visual tokens.</summary>
static class ProbeCommand
{
    public static Command Create() => new("probe", "Measure when and where a model needs its visual tokens: information horizon, entropy collapse, attention bias.")
    {
        ProbeHorizonCommand.Create(),
        ProbeEntropyCommand.Create(),
        ProbeBiasCommand.Create(),
    };
}
