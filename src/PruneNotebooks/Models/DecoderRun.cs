using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A prompt with the visual tokens that reach the decoder.</summary>
internal sealed record VisualPrompt(EncodedPrompt Prompt, IReadOnlyList<VisualTokens> Images)
{
    /// <summary>The positions that reach the decoder.</summary>
    public long[] Alive() => Prompt.Layout.SequenceKeep([.. Images.Select(image => image.Places)]);
}

/// <summary>Reads a batch of prompts layer by layer, with the signals that a plan needs and the steps it has there.</summary>
internal sealed class DecoderRun
{
    readonly Decoder decoder;
    readonly PruningPlan plan;
    readonly StageClock clock;
    readonly ActivationRecorder? recorder;
    readonly IReadOnlyList<VisualPrompt> prompts;
    readonly ILookup<int, Signal> needs;

    // By prompt and image: what is known of its living tokens, and where they lie on its grid.
    readonly SignalTable[][] tables;
    readonly IReadOnlyList<long>[][] places;

    public DecoderRun(Decoder decoder, ModelShape shape, PruningPlan plan, IReadOnlyList<VisualPrompt> prompts, StageClock clock, ActivationRecorder? recorder)
    {
        (this.decoder, this.plan, this.prompts, this.clock, this.recorder) = (decoder, plan, prompts, clock, recorder);
        needs = shape.Needs([plan], vision: false);
        tables = [.. prompts.Select(prompt => prompt.Images.Select(image => image.Signals.Copy()).ToArray())];
        places = [.. prompts.Select(prompt => prompt.Images.Select(image => image.Places).ToArray())];
        Stages = [.. prompts.Select(prompt => prompt.Images.SelectMany(image => image.Stages).ToList())];
        foreach (var step in plan.Steps.Where(step => step.Stage.Where == Stage.Part.Decoder && step.Stage.Layer >= decoder.Config.Layers))
            throw new ArgumentException($"The plan prunes at {step.Stage}, but the decoder has layers 0 to {decoder.Config.Layers - 1}.");
    }

    /// <summary>By prompt: what each step did.</summary>
    public IReadOnlyList<List<StageTrace>> Stages { get; }

    /// <summary>Embeddings of a prompt's living tokens, visual ones in their places, <c>[T, D]</c>.</summary>
    public static Tensor Splice(Decoder decoder, VisualPrompt prompt, long[] alive)
    {
        using var scope = NewDisposeScope();
        var layout = prompt.Prompt.Layout;
        long[] ids = [.. alive.Select(position => layout.ImageAt(position) < 0 ? prompt.Prompt.Ids[(int)position] : 0)];
        var embedded = decoder.Embed(tensor(ids, ScalarType.Int64, decoder.Device));
        long[] rows = [.. Enumerable.Range(0, alive.Length).Where(i => layout.ImageAt(alive[i]) >= 0).Select(i => (long)i)];
        // A start or a rest of a prompt holds all of its visual tokens or none.
        if (rows.Length > 0)
            embedded.index_copy_(0, tensor(rows, ScalarType.Int64, decoder.Device), cat([.. prompt.Images.Select(image => image.Features)]).to(embedded.dtype));
        return embedded.MoveToOuterDisposeScope();
    }

    /// <summary>The prefill.</summary>
    /// <param name="living">The embedded prompts.</param>
    /// <param name="cache">Where keys and values go; holds the shared start of the prompts if <paramref name="living"/> says so. Freed if the prefill fails.</param>
    public Prefill Run(LivingTokens living, KvCache cache)
    {
        try
        {
            return Read(living, cache);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    Prefill Read(LivingTokens living, KvCache cache)
    {
        clock.Enter(Phase.Prefill);
        List<Segment> segments = [];
        Rotation? rotation = null;
        Tensor? mask = null;
        for (int layer = 0; layer < decoder.Config.Layers; layer++)
        {
            bool changed = layer == 0;
            foreach (var step in plan.Steps.Where(step => step.Stage == Stage.Decoder(layer)))
            {
                living = Apply(step, living);
                changed = true;
            }
            if (changed)
            {
                clock.Enter(Phase.Prefill);
                var valid = living.ValidKeys();
                segments.Add(new Segment(layer, living.Alive, valid));
                rotation = decoder.Rotate(living.PositionIds(plan.Positions));
                mask = LivingTokens.Mask(valid, living.Hidden.shape[1], living.Hidden.shape[1] + living.Cached, decoder.Device);
            }
            recorder?.Record($"decoder.hidden.{layer}", living.Hidden);
            var before = living.Hidden;
            living = living with { Hidden = decoder.Forward(layer, before, rotation!, cache, mask, Probe(layer, living)) };
            before.Dispose();
            LookAtOutput(layer, living);
        }
        recorder?.Record($"decoder.hidden.{decoder.Config.Layers}", living.Hidden);
        var logits = decoder.Logits(living.Hidden.select(1, living.Hidden.shape[1] - 1));
        foreach (var segment in segments) segment.Valid?.DetachFromDisposeScope();
        return new Prefill([.. prompts.Select(prompt => prompt.Prompt)], plan, segments, cache, living.Hidden.DetachFromDisposeScope(), logits.DetachFromDisposeScope());
    }

    LivingTokens Apply(PruningStep step, LivingTokens living)
    {
        clock.Enter(Phase.Selection);
        Tensor[] hidden = new Tensor[prompts.Count];
        long[][] alive = new long[prompts.Count][];
        for (int b = 0; b < prompts.Count; b++)
        {
            var layout = prompts[b].Prompt.Layout;
            var sequence = living.Rows(b);
            var text = TextRows(living, b);
            List<Decision> decisions = [];
            for (int i = 0; i < layout.Images.Count; i++)
            {
                var (first, count) = ImageRows(living.Alive[b], layout, i);
                var image = prompts[b].Images[i].Image;
                var decision = Decision.Make(step, tables[b][i], sequence.narrow(0, first, count), image.Grid, places[b][i], i, text, clock);
                (places[b][i], tables[b][i]) = (decision.Trace.Kept, decision.Signals);
                Stages[b].Add(decision.Trace);
                decisions.Add(decision);
            }
            var stay = layout.SequenceKeep(places[b]).ToHashSet();
            long[] rows = [.. Enumerable.Range(0, living.Alive[b].Length).Where(i => stay.Contains(living.Alive[b][i])).Select(i => (long)i)];
            alive[b] = [.. rows.Select(row => living.Alive[b][row])];
            var shorter = sequence.index_select(0, tensor(rows, ScalarType.Int64, decoder.Device)).unsqueeze(0);
            for (int i = 0; i < decisions.Count; i++) decisions[i].Merge(shorter, ImageRows(alive[b], layout, i).First);
            hidden[b] = shorter.squeeze(0);
        }
        return LivingTokens.Batch(hidden, alive);
    }

    // The living tokens of an image are neighbours in the sequence.
    static (int First, int Count) ImageRows(long[] alive, PromptLayout layout, int image)
    {
        int first = Array.FindIndex(alive, position => layout.ImageAt(position) == image);
        return first < 0 ? (0, 0) : (first, alive.Count(position => layout.ImageAt(position) == image));
    }

    Tensor? TextRows(LivingTokens living, int b)
    {
        int first = FirstTextRow(living, b);
        return first < living.Alive[b].Length ? living.Rows(b).narrow(0, first, living.Alive[b].Length - first) : null;
    }

    int FirstTextRow(LivingTokens living, int b)
    {
        int start = prompts[b].Prompt.Layout.TextStart;
        return living.Alive[b].Count(position => position < start);
    }

    AttentionProbe? Probe(int layer, LivingTokens living)
    {
        Signal.Attention[] wanted = [.. needs[layer].OfType<Signal.Attention>()];
        Signal.DecoderStates[] states = [.. needs[layer].OfType<Signal.DecoderStates>().Where(signal => signal.State != TokenState.Hidden)];
        bool recorded = recorder?.Wants($"decoder.attention.{layer}") == true;
        if (wanted.Length == 0 && states.Length == 0 && !recorded) return null;
        return (query, key, value) =>
        {
            if (recorded) recorder!.RecordAttention($"decoder.attention.{layer}", query, key, causal: true);
            var before = clock.Enter(Phase.Selection);
            foreach (var signal in wanted)
                for (int b = 0; b < prompts.Count; b++)
                    Look(signal, living, b, query[b], key[b]);
            foreach (var signal in states)
                for (int b = 0; b < prompts.Count; b++)
                    Copy(signal, living, b, (signal.State switch { TokenState.Query => query, TokenState.Key => key, _ => value })[b]);
            clock.Enter(before);
        };
    }

    // What a layer gives is seen through the final norm, cut into heads.
    void LookAtOutput(int layer, LivingTokens living)
    {
        foreach (var signal in needs[layer].OfType<Signal.DecoderStates>().Where(signal => signal.State == TokenState.Hidden))
        {
            var before = clock.Enter(Phase.Selection);
            using var normed = decoder.Normalise(living.Hidden);
            for (int b = 0; b < prompts.Count; b++) Copy(signal, living, b, Attention.SplitHeads(normed, decoder.Config.Heads)[b]);
            clock.Enter(before);
        }
    }

    // The rows of each image, from [H, T, d]; the layer's own tensors are freed when it is done.
    void Copy(Signal.DecoderStates signal, LivingTokens living, int b, Tensor states)
    {
        var layout = prompts[b].Prompt.Layout;
        for (int i = 0; i < layout.Images.Count; i++)
        {
            var (first, count) = ImageRows(living.Alive[b], layout, i);
            if (count > 0) tables[b][i].Add(signal, states.narrow(1, living.Padding(b) + first, count).clone().MoveToOuterDisposeScope());
        }
    }

    // Rows of one sequence, then the columns of each of its images.
    void Look(Signal.Attention signal, LivingTokens living, int b, Tensor query, Tensor key)
    {
        int padding = living.Padding(b), length = living.Alive[b].Length;
        (query, key) = (query.narrow(1, padding, length), key.narrow(1, padding, length));
        var layout = prompts[b].Prompt.Layout;
        for (int i = 0; i < layout.Images.Count; i++)
        {
            var (first, count) = ImageRows(living.Alive[b], layout, i);
            if (count == 0) continue;
            int text = FirstTextRow(living, b);
            var (row, rows) = signal.Queries switch
            {
                Queries.LastToken => (length - 1, 1),
                Queries.Text => (text, length - text),
                Queries.Visual => (first, count),
                Queries.All => (0, length),
                var other => throw new ArgumentException($"There is no attention of {other} in the decoder; use LastToken, Text, Visual or All."),
            };
            var last = arange(row, row + rows, ScalarType.Int64, query.device);
            var weights = signal is Signal.DecoderAttention
                ? Attention.Weights(query.narrow(1, row, rows), key, last)
                : Attention.MeanWeights(query.narrow(1, row, rows), key, last);
            // The layer's own tensors are freed when it is done; what was seen must outlive it.
            tables[b][i].Add(signal, weights.narrow(-1, first, count).clone().MoveToOuterDisposeScope());
        }
    }
}
