namespace PruneNotebooks.Models;

/// <summary>The names of a LLaVA's tensors: two layouts are published, the models here ask in the older one.</summary>
internal static class CheckpointNames
{
    /// <summary>Newer beginning, older beginning; the first that fits counts.</summary>
    static readonly (string Newer, string Older)[] Beginnings =
    [
        ("model.language_model.", "language_model.model."),
        ("model.vision_tower.vision_model.", "vision_tower.vision_model."),
        ("model.vision_tower.", "vision_tower.vision_model."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
        ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>Buffers that older programs saved with the weights and every program computes by itself.</summary>
    static readonly string[] ComputedEndings = [".rotary_emb.inv_freq", ".embeddings.position_ids"];

    /// <summary>Whether names are in the newer layout; a language model alone has <c>lm_head</c> in the same place as its layers.</summary>
    public static bool AreNewer(IEnumerable<string> names) => names.Any(name => name.StartsWith("model.language_model.", StringComparison.Ordinal));

    /// <summary>The older name of a tensor of the newer layout.</summary>
    public static string Older(string name)
    {
        foreach (var (newer, older) in Beginnings)
            if (name.StartsWith(newer, StringComparison.Ordinal)) return older + name[newer.Length..];
        return name;
    }

    /// <summary>Whether a tensor is no weight and may be left alone.</summary>
    public static bool IsComputed(string name) => ComputedEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
}
