namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What every kernel's environment holds, whoever starts it: this program or a front end.</summary>
static class KernelEnvironment
{
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        // Builds that restore packages must not stay behind as servers that hold the kernel's streams.
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };
}
