namespace PruneNotebooks.Tests.Conformance;

/// <summary>What has golden cases but no implementation yet: whole methods, and of methods that have begun single operations, as <c>slug/op</c>. What gets its adapter leaves this list.</summary>
static class NotImplemented
{
    public static bool Contains(string method, string op) => All.Contains(method) || All.Contains($"{method}/{op}");

    public static IReadOnlySet<string> All { get; } = new HashSet<string>
    {
        "aot",
        "armor",
        "as-vit",
        "atp-llava",
        "bip",
        "cfsp",
        "consensus-polarization",
        "covipal",
        "dhsa",
        "dtop",
        "dycoke",
        "edge-pruning",
        "evermembench-s",
        "evs",
        "fasa",
        "fastvid",
        "flap",
        "ftp",
        "gaprune",
        "goose",
        "grad",
        "gtp-vit",
        "holitom",
        "kd-data-pruning",
        "layer-lottery",
        "layer-pruning",
        "optiprune",
        "promptquine",
        "prunevid",
        "pruning-survey",
        "q-tuning",
        "rcp",
        "spatten",
        "stts",
        "token-transforming",
        "tokenizer-information",
        "tracenas",
        "tyr",
        "vidcom2",
        "vim-prune",
        "window-diffusion",
        "zero-tprune",
    };
}
