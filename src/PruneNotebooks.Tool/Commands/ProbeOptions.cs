using System.CommandLine;
using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tool.Commands;

/// <summary>What an instrument is pointed at, and where its results go.</summary>
static class ProbeOptions
{
    const string BuiltIn = "scenes";
    const int DefaultScenes = 20;

    public static readonly Option<string> Model = new("--model") { Description = "Name or folder of the model; 'prune doctor' lists those found.", HelpName = "model", DefaultValueFactory = _ => "scene-llava" };
    public static readonly Option<string> Data = new("--data")
    {
        Description = "What to ask: scenes, the built-in benchmark, or a manifest with a JSON object a line (image, prompt, answer, category).", HelpName = "scenes|file", DefaultValueFactory = _ => BuiltIn,
    };
    public static readonly Option<int?> Count = new("--n") { Description = $"How many scenes ({DefaultScenes} if not given), or how many lines of the manifest (all).", HelpName = "n" };
    public static readonly Option<ulong?> Seed = new("--seed") { Description = "Number of the first scene; scenes that no model has seen if not given.", HelpName = "number" };
    public static readonly Option<string?> Kinds = new("--kinds") { Description = "Only questions of these kinds, such as colour,count.", HelpName = "a,b" };
    public static readonly Option<string> Out = new("--out", "-o") { Description = "Folder for the results; made if it is not there. Measuring goes on from what is in it.", HelpName = "folder", Required = true };

    /// <summary>The options that all instruments share.</summary>
    public static IReadOnlyList<Option> Shared { get; } = [Model, Data, Count, Seed, Kinds, ComputeOptions.Where, ComputeOptions.Type, Out];

    /// <summary>The probes that were asked for.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    /// <exception cref="ArgumentException">No question is of the kinds.</exception>
    public static IReadOnlyList<Probe> Probes(ParseResult parse)
    {
        string data = parse.GetValue(Data)!;
        int? count = parse.GetValue(Count);
        if (count < 1) throw new ArgumentException($"At least 1 probe is needed; --n was {count}.");
        bool scenes = data == BuiltIn;
        if (!scenes && parse.GetValue(Seed) is not null) throw new UsageException("--seed numbers scenes; a manifest has none.");
        IReadOnlyList<Probe> all = scenes
            ? Scenes.Scenes.DrawMany(parse.GetValue(Seed) ?? Scenes.Scenes.FirstHeldOutSeed, count ?? DefaultScenes).Probes()
            : ProbeFile.Read(data, count ?? int.MaxValue);
        return parse.GetValue(Kinds) is { } kinds ? OfKinds(all, kinds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : all;
    }

    static Probe[] OfKinds(IReadOnlyList<Probe> probes, string[] kinds)
    {
        string[] known = [.. probes.Select(probe => probe.Category).Distinct()];
        foreach (string kind in kinds)
            if (!known.Contains(kind, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"No question is of the kind '{kind}'; there are {string.Join(", ", known.Select(name => name.ToLowerInvariant()))}.");
        return [.. probes.Where(probe => kinds.Contains(probe.Category, StringComparer.OrdinalIgnoreCase))];
    }

    /// <summary>Layers as people type them: 0,3,6-9.</summary>
    public static int[] Layers(string text)
    {
        List<int> layers = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || last < first)
                throw new UsageException($"--layers is a list such as 0,3,6-9; it was '{text}'.");
            layers.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return [.. layers.Distinct().Order()];
    }
}
