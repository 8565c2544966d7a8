using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The tokens that greedy decoding appends to a batch of prompts.</summary>
internal static class GreedyDecoding
{
    /// <summary>Generates. A sequence that has ended is carried along but no longer listened to.</summary>
    /// <returns>By prompt: its tokens and the natural logarithm of their probability.</returns>
    public static (List<long> Tokens, double LogProbability)[] Run(Decoder decoder, Prefill prefill, IReadOnlyList<long> endTokens, GenerationOptions options, CancellationToken cancellation)
    {
        int batch = (int)prefill.Logits.shape[0];
        var answers = Enumerable.Range(0, batch).Select(_ => (Tokens: new List<long>(), LogProbability: 0.0)).ToArray();
        bool[] ended = new bool[batch];
        Tensor?[] valid = [.. prefill.Segments.Select(segment => segment.Valid)];
        using var scope = NewDisposeScope();
        var logits = prefill.Logits;
        for (int generated = 0; ; generated++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var (best, next) = logits.log_softmax(-1).max(-1);
            long[] tokens = next.cpu().data<long>().ToArray();
            float[] logProbabilities = best.cpu().data<float>().ToArray();
            for (int b = 0; b < batch; b++)
            {
                if (ended[b]) continue;
                answers[b].Tokens.Add(tokens[b]);
                answers[b].LogProbability += logProbabilities[b];
                ended[b] = options.StopAtEnd && endTokens.Contains(tokens[b]);
            }
            if (generated + 1 == options.MaxTokens || ended.All(e => e)) return answers;
            var before = logits;
            logits = Step(decoder, prefill, next, generated, valid).MoveToOuterDisposeScope();
            if (generated > 0) before.Dispose();
        }
    }

    // One more token for every sequence, through all layers.
    static Tensor Step(Decoder decoder, Prefill prefill, Tensor token, int generated, Tensor?[] valid)
    {
        using var scope = NewDisposeScope();
        var hidden = decoder.Embed(token.unsqueeze(1));
        int segment = -1;
        Rotation? rotation = null;
        Tensor? mask = null;
        for (int layer = 0; layer < decoder.Config.Layers; layer++)
        {
            if (segment + 1 < prefill.Segments.Count && prefill.Segments[segment + 1].First == layer)
            {
                segment++;
                // Out of this step and out of the caller's, for the next one.
                if (valid[segment] is { } keys)
                    valid[segment] = cat([keys, ones([keys.shape[0], 1], ScalarType.Bool, keys.device)], 1).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
                rotation = decoder.Rotate(prefill.NextPositions(prefill.Segments[segment], generated));
                mask = LivingTokens.Mask(valid[segment], 1, prefill.Cache.Length(layer) + 1, decoder.Device);
            }
            hidden = decoder.Forward(layer, hidden, rotation!, prefill.Cache, mask);
        }
        return decoder.Logits(hidden.squeeze(1)).MoveToOuterDisposeScope();
    }
}
