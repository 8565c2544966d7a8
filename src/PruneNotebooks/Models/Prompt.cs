using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models;

/// <summary>What a model is asked: a text, ready to be tokenised, with a placeholder for each picture.</summary>
/// <param name="Text">The rendered prompt; a picture stands as the model's image token, <c>&lt;image&gt;</c> in LLaVA.</param>
/// <param name="Images">The pictures, in the order of their placeholders.</param>
public sealed record Prompt(string Text, IReadOnlyList<RgbImage> Images);

/// <summary>A tokenised prompt.</summary>
/// <param name="Ids">Token ids; every visual token has its place.</param>
/// <param name="Layout">Where the visual tokens lie.</param>
/// <param name="Images">The pictures.</param>
public sealed record EncodedPrompt(IReadOnlyList<long> Ids, PromptLayout Layout, IReadOnlyList<RgbImage> Images)
{
    /// <summary>The prompt and more text tokens behind it.</summary>
    public EncodedPrompt Append(params IEnumerable<long> ids)
    {
        long[] longer = [.. Ids, .. ids];
        return this with { Ids = longer, Layout = new PromptLayout(longer.Length, Layout.Images) };
    }
}
