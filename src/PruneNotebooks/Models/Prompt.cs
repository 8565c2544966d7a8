using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>What a model is asked: a text, ready to be tokenised, with a placeholder for each picture.</summary>
/// <param name="Text">The rendered prompt; a picture stands as the model's image token, <c>&lt;image&gt;</c> in LLaVA.</param>
/// <param name="Images">The pictures, in the order of their placeholders.</param>
public sealed record Prompt(string Text, IReadOnlyList<RgbImage> Images)
{
    /// <summary>The question alone, without the template around it; methods that pick out its content words take all text behind the last picture where it is <see langword="null"/>.</summary>
    public string? Question { get; init; }

    /// <summary>Signals that no model computes, by picture from 0: patch centres, object masks.</summary>
    public IReadOnlyDictionary<(int Image, Signal Signal), Tensor> Given { get; init; } = new Dictionary<(int, Signal), Tensor>();

    /// <summary>The prompt with a signal that belongs to one of its pictures, such as <see cref="Signal.PatchCentres"/> or <see cref="Signal.ObjectMasks"/>.</summary>
    /// <param name="image">Which picture, from 0.</param>
    /// <param name="signal">What it is.</param>
    /// <param name="value">Its value, as the signal says; stays the caller's.</param>
    public Prompt With(int image, Signal signal, Tensor value)
    {
        if (image < 0 || image >= Images.Count) throw new ArgumentOutOfRangeException(nameof(image), image, $"The prompt shows {Images.Count} pictures, counted from 0; there is no picture {image}.");
        return this with { Given = new Dictionary<(int, Signal), Tensor>(Given) { [(image, signal)] = value } };
    }
}

/// <summary>A tokenised prompt.</summary>
/// <param name="Ids">Token ids; every visual token has its place.</param>
/// <param name="Layout">Where the visual tokens lie.</param>
/// <param name="Images">The pictures.</param>
public sealed record EncodedPrompt(IReadOnlyList<long> Ids, PromptLayout Layout, IReadOnlyList<RgbImage> Images)
{
    /// <inheritdoc cref="Prompt.Question"/>
    public string? Question { get; init; }

    /// <inheritdoc cref="Prompt.Given"/>
    public IReadOnlyDictionary<(int Image, Signal Signal), Tensor> Given { get; init; } = new Dictionary<(int, Signal), Tensor>();

    /// <summary>The prompt and more text tokens behind it.</summary>
    public EncodedPrompt Append(params IEnumerable<long> ids)
    {
        long[] longer = [.. Ids, .. ids];
        return this with { Ids = longer, Layout = new PromptLayout(longer.Length, Layout.Images) };
    }
}
