using PruneNotebooks.Models.Tokenization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A Llama language model on its own, without eyes.</summary>
public sealed class LanguageModel : IDisposable
{
    LanguageModel(string folder, TextConfig config, Compute compute, IWeights weights)
    {
        (Folder, Compute) = (folder, compute);
        Decoder = new Decoder(config, weights);
        Tokenizer = Tokenizer.Load(folder);
        Generation = ModelConfig.ReadGeneration(folder);
    }

    /// <summary>Where the checkpoint lies.</summary>
    public string Folder { get; }

    /// <summary>Where and in which type it computes, and why.</summary>
    public Compute Compute { get; }

    /// <summary>The decoder.</summary>
    public Decoder Decoder { get; }

    /// <summary>From text to token ids and back.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Which tokens end a text.</summary>
    public GenerationConfig Generation { get; }

    /// <summary>Loads a checkpoint in the Hugging Face layout.</summary>
    /// <param name="model">A folder, or the name of one that <see cref="ModelFolders"/> finds.</param>
    /// <param name="device">Where to compute; chosen if not given.</param>
    /// <param name="type">In which type to compute; chosen if not given.</param>
    /// <exception cref="InvalidDataException">A file of the checkpoint is damaged, or does not fit the configuration.</exception>
    public static LanguageModel Load(string model, Device? device = null, ScalarType? type = null)
    {
        string folder = ModelFolders.Find(model);
        var compute = Compute.Choose(device, type).Announced();
        using var weights = Checkpoint.Open(folder, compute.Device, compute.Type);
        return weights.Build(() => new LanguageModel(folder, ModelConfig.ReadText(folder), compute, weights));
    }

    /// <summary>Reads texts, given as token ids.</summary>
    /// <returns>The state after them; dispose of it.</returns>
    public Prefill Prefill(IReadOnlyList<IReadOnlyList<long>> texts, ActivationRecorder? recorder = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0 || texts.Any(text => text.Count == 0)) throw new ArgumentException("There is no text to read, or one of them is empty.", nameof(texts));
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        VisualPrompt[] prompts = [.. texts.Select(ids => new VisualPrompt(new EncodedPrompt(ids, new PromptLayout(ids.Count, []), []), [], () => zeros(0, 0)))];
        long[][] alive = [.. prompts.Select(prompt => prompt.Alive())];
        var run = new DecoderRun(Decoder, new ModelShape(0, -1, Decoder.Config.Layers), PruningPlan.None, prompts, new StageClock(Compute), recorder);
        return run.Run(LivingTokens.Batch([.. prompts.Select((prompt, b) => DecoderRun.Splice(Decoder, prompt, alive[b]))], alive), new KvCache(Decoder.Config.Layers));
    }

    /// <summary>Continues a prefill greedily.</summary>
    /// <returns>By text: the generated token ids.</returns>
    public IReadOnlyList<IReadOnlyList<long>> Continue(Prefill prefill, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using var inference = no_grad();
        return [.. GreedyDecoding.Run(Decoder, prefill, Generation.EndTokens, options ?? new(), cancellation).Select(answer => answer.Tokens)];
    }

    /// <inheritdoc/>
    public void Dispose() => Decoder.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Path.GetFileName(Folder)} on {Compute}";
}
