namespace PruneNotebooks.Models;

/// <summary>The folder where the Hugging Face tools keep what they have downloaded; only read here.</summary>
/// <param name="Folder">Such as ~/.cache/huggingface/hub.</param>
internal sealed record HuggingFaceCache(string Folder)
{
    /// <summary>The folder that the tools would use: HF_HUB_CACHE, HF_HOME/hub, or huggingface/hub in the user's cache.</summary>
    public static HuggingFaceCache Default => new(
        Variable("HF_HUB_CACHE")
        ?? Path.Combine(
            Variable("HF_HOME")
            ?? Path.Combine(
                Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "huggingface"),
            "hub"));

    /// <summary>The snapshot of a model's main branch, or null if it has not been downloaded.</summary>
    /// <param name="model">Such as "llava-hf/llava-1.5-7b-hf".</param>
    public string? Find(string model)
    {
        string home = Path.Combine(Folder, "models--" + model.Replace("/", "--", StringComparison.Ordinal));
        string main = Path.Combine(home, "refs", "main");
        if (!File.Exists(main)) return null;
        string snapshot = Path.Combine(home, "snapshots", File.ReadAllText(main).Trim());
        return File.Exists(Path.Combine(snapshot, "config.json")) ? snapshot : null;
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
