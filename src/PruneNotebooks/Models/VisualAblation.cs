using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>What the decoder would say if, from some layer on, it saw only some of the visual tokens.</summary>
/// <remarks>
/// The prompts are read once, with all tokens. What a token is below the layer does not depend on who stays above it, and what stands before
/// the picture never depends on the picture: so only the layers above run again, over the tokens that stay and the text behind them, and
/// the keys and values of the text before the picture come from the one full reading. Positions stay as they were.
/// </remarks>
internal sealed class VisualAblation : IDisposable
{
    readonly Decoder decoder;
    readonly Prefill prefill;
    readonly ActivationRecorder states;
    readonly VisualSpan image;
    readonly long prompts, length;

    VisualAblation(Decoder decoder, Prefill prefill, ActivationRecorder states, VisualSpan image, long prompts, long length) =>
        (this.decoder, this.prefill, this.states, this.image, this.prompts, this.length) = (decoder, prefill, states, image, prompts, length);

    /// <summary>Reads prompts of one shape: each with one picture in the same place, all equally long.</summary>
    /// <exception cref="ArgumentException">The prompts differ in shape, or do not show one picture each.</exception>
    public static VisualAblation Read(Vlm model, IReadOnlyList<EncodedPrompt> prompts)
    {
        var shape = ShapeOf(prompts[0]);
        foreach (var prompt in prompts)
            if (ShapeOf(prompt) != shape) throw new ArgumentException($"Prompts of one shape are expected, but one has {ShapeOf(prompt)} and another {shape}.", nameof(prompts));
        var states = new ActivationRecorder(name => name.StartsWith("decoder.hidden.", StringComparison.Ordinal));
        try
        {
            return new VisualAblation(model.Decoder, model.Prefill(prompts, recorder: states), states, prompts[0].Layout.Images[0], prompts.Count, prompts[0].Ids.Count);
        }
        catch
        {
            states.Dispose();
            throw;
        }
    }

    /// <summary>Prompts of the same shape can be read together.</summary>
    public static (int Length, int Start, int Tokens) ShapeOf(EncodedPrompt prompt) => prompt.Layout.Images is [var image]
        ? (prompt.Ids.Count, image.Start, image.Length)
        : throw new ArgumentException($"A prompt with exactly one picture is expected; this one has {prompt.Layout.Images.Count}.", nameof(prompt));

    /// <summary>How likely the model finds given next tokens when only some visual tokens are left.</summary>
    /// <param name="layer">The first decoder layer that sees only them, 0-based; the number of layers for the model as it is.</param>
    /// <param name="visual">Ways to leave some: indices among the visual tokens, ascending in each row, int64 <c>[W, K]</c>; K may be 0.</param>
    /// <param name="targets">By prompt: the tokens that should follow the first of its rows that end <paramref name="text"/>, int64 <c>[B, A]</c>.</param>
    /// <param name="text">How many tokens behind the picture are read before the first target is asked for.</param>
    /// <param name="rowsAtOnce">How many token rows run together: bounds memory.</param>
    /// <param name="cancellation">Stops between two groups of rows.</param>
    /// <returns>Natural logarithm of their probabilities, float32 <c>[B, W, A]</c>, and whether each is the likeliest token, bool of the same shape.</returns>
    public (Tensor LogProbability, Tensor IsBest) Predict(int layer, Tensor visual, Tensor targets, int text, int rowsAtOnce, CancellationToken cancellation = default)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        long ways = visual.shape[0], asked = targets.shape[1], read = text + asked - 1, rows = visual.shape[1] + read;
        var device = decoder.Device;
        var behind = Indices.Range(image.Start + image.Length, image.Start + image.Length + read, device);
        var positions = cat([visual.to(device).add(((long)image.Start).ToCachedScalar()), behind.unsqueeze(0).expand(ways, read)], 1);
        var entering = states[$"decoder.hidden.{layer}"].flatten(0, 1);
        targets = targets.to(device);
        long together = Math.Max(1, rowsAtOnce / rows), sequences = prompts * ways;
        List<Tensor> likely = [], best = [];
        for (long first = 0; first < sequences; first += together)
        {
            cancellation.ThrowIfCancellationRequested();
            using var block = NewDisposeScope();
            var sequence = Indices.Range(first, Math.Min(sequences, first + together), device);
            var prompt = sequence.div(ways.ToCachedScalar(), RoundingMode.floor);
            var at = positions.index_select(0, sequence.remainder(ways.ToCachedScalar()));
            var hidden = entering.index_select(0, (at + prompt.mul(length.ToCachedScalar()).unsqueeze(1)).flatten()).view(-1, rows, entering.shape[1]);
            hidden = RunUpper(layer, hidden, at, prompt);
            var logits = decoder.Logits(hidden.narrow(1, rows - asked, asked)).log_softmax(-1);
            var wanted = targets.index_select(0, prompt);
            likely.Add(logits.gather(-1, wanted.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope());
            best.Add(logits.argmax(-1).eq(wanted).MoveToOuterDisposeScope());
        }
        return (cat(likely).view(prompts, ways, asked).MoveToOuterDisposeScope(), cat(best).view(prompts, ways, asked).MoveToOuterDisposeScope());
    }

    // The layers from one on, over the rows that are left; who stands before the picture is seen through the cache.
    Tensor RunUpper(int first, Tensor hidden, Tensor positions, Tensor prompt)
    {
        using var scope = NewDisposeScope();
        var rotation = decoder.Rotate(positions);
        var mask = LivingTokens.Mask(null, hidden.shape[1], image.Start + hidden.shape[1], decoder.Device);
        for (int layer = first; layer < decoder.Config.Layers; layer++)
        {
            var (startKeys, startValues) = prefill.Cache.Start(layer, image.Start);
            var before = hidden;
            hidden = decoder.Forward(layer, before, rotation,
                (k, v) => (cat([startKeys.index_select(0, prompt), k], 2), cat([startValues.index_select(0, prompt), v], 2)), mask);
            if (layer > first) before.Dispose();
        }
        return hidden.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        prefill.Dispose();
        states.Dispose();
    }
}
