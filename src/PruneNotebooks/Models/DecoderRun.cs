using PruneNotebooks.Primitives;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A prompt with the visual tokens that reach the decoder.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Images">Its images.</param>
/// <param name="Keywords">Makes embeddings of the content words of its question.</param>
internal sealed record VisualPrompt(EncodedPrompt Prompt, IReadOnlyList<VisualTokens> Images, Func<Tensor> Keywords)
{
    /// <summary>The positions that reach the decoder, in the order of the sequence.</summary>
    public long[] Alive() => Prompt.Layout.Sequence([.. Images.Select(image => image.Places)]);
}

/// <summary>Reads a batch of prompts layer by layer, with the signals that a plan needs and the steps it has there.</summary>
internal sealed class DecoderRun
{
    readonly Decoder decoder;
    readonly PruningPlan plan;
    readonly StageClock clock;
    readonly ActivationRecorder? recorder;
    readonly IReadOnlyList<VisualPrompt> prompts;
    readonly ModelShape shape;
    readonly ILookup<int, Signal> needs;

    // By prompt and image: what is known of its living tokens, and where they lie on its grid.
    readonly SignalTable[][] tables;
    readonly IReadOnlyList<long>[][] places;

    public DecoderRun(Decoder decoder, ModelShape shape, PruningPlan plan, IReadOnlyList<VisualPrompt> prompts, StageClock clock, ActivationRecorder? recorder)
    {
        (this.decoder, this.shape, this.plan, this.prompts, this.clock, this.recorder) = (decoder, shape, plan, prompts, clock, recorder);
        needs = shape.Needs([plan], vision: false);
        tables = [.. prompts.Select(prompt => prompt.Images.Select(image => AtEntrance(prompt, image)).ToArray())];
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
                living = step.Returns ? Return(step, living) : Apply(step, living);
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
            living = living with { Hidden = decoder.Forward(layer, before, rotation!, cache, mask, Probe(layer, living), LookAtModules(layer, living)) };
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
        LookAhead(step, living);
        Tensor[] hidden = new Tensor[prompts.Count];
        long[][] alive = new long[prompts.Count][];
        for (int b = 0; b < prompts.Count; b++)
        {
            var layout = prompts[b].Prompt.Layout;
            var sequence = living.Rows(b);
            var arriving = layout.Images.Select((_, i) =>
            {
                var (first, count) = ImageRows(living.Alive[b], layout, i);
                return new ArrivingImage(tables[b][i], sequence.narrow(0, first, count), prompts[b].Images[i].Image.Grid, places[b][i], i, step.LooksAtText ? TextAt(living, b, i) : null);
            }).ToArray();
            var decisions = Decision.Make(step, arriving, clock);
            for (int i = 0; i < decisions.Length; i++)
            {
                (places[b][i], tables[b][i]) = (decisions[i].Places, decisions[i].Signals);
                Stages[b].Add(decisions[i].Trace);
            }
            alive[b] = layout.Sequence(places[b]);
            var rows = RowOf(living.Alive[b]);
            var shorter = sequence.index_select(0, tensor([.. alive[b].Select(position => rows[position])], ScalarType.Int64, decoder.Device));
            for (int i = 0; i < decisions.Length; i++)
                if (decisions[i].Features is { } merged) shorter.narrow(0, ImageRows(alive[b], layout, i).First, merged.shape[0]).copy_(merged);
            hidden[b] = shorter;
        }
        return LivingTokens.Batch(hidden, alive);
    }

    // Tokens that have left enter as they came out of the projector; who is still there goes on.
    LivingTokens Return(PruningStep step, LivingTokens living)
    {
        Tensor[] hidden = new Tensor[prompts.Count];
        long[][] alive = new long[prompts.Count][];
        for (int b = 0; b < prompts.Count; b++)
        {
            var (layout, images) = (prompts[b].Prompt.Layout, prompts[b].Images);
            var rows = RowOf(living.Alive[b]);
            long behind = living.Alive[b].Length;
            for (int i = 0; i < images.Count; i++)
            {
                foreach (long place in images[i].Places)
                {
                    rows.TryAdd(layout.Images[i].Start + place, behind);
                    behind++;
                }
                (places[b][i], tables[b][i]) = (images[i].Places, AtEntrance(prompts[b], images[i]));
                Stages[b].Add(new StageTrace { Stage = step.Stage, Pruner = step.Pruner, Image = i, Arrived = places[b][i], Kept = [.. places[b][i].Order()], Scores = null });
            }
            alive[b] = layout.Sequence(places[b]);
            var all = cat([living.Rows(b), .. images.Select(image => image.Features.to(living.Hidden.dtype))]);
            hidden[b] = all.index_select(0, tensor([.. alive[b].Select(position => rows[position])], ScalarType.Int64, decoder.Device));
        }
        return LivingTokens.Batch(hidden, alive);
    }

    // What is known of an image before the first layer, with what enters there for those who look back at it.
    SignalTable AtEntrance(VisualPrompt prompt, VisualTokens image)
    {
        var table = image.Signals.Copy();
        var wanted = plan.Steps.Where(step => step.Stage.Where == Stage.Part.Decoder).SelectMany(step => step.Pruner.Needs).ToHashSet();
        if (wanted.Contains(new Signal.VisualEmbeddings())) table.Add(new Signal.VisualEmbeddings(), image.Features);
        if (wanted.Contains(new Signal.TextEmbeddings()))
            table.Add(new Signal.TextEmbeddings(), decoder.Embed(tensor([.. prompt.Prompt.Ids.Skip(prompt.Prompt.Layout.TextStart)], ScalarType.Int64, decoder.Device)));
        return table;
    }

    static Dictionary<long, long> RowOf(long[] alive) => alive.Select((position, row) => (position, row)).ToDictionary(at => at.position, at => (long)at.row);

    // What the layer behind the step would see if nobody left.
    void LookAhead(PruningStep step, LivingTokens living)
    {
        Signal[] wanted = shape.Ahead(step);
        if (wanted.Length == 0) return;
        using var scope = NewDisposeScope();
        var (query, key, value) = decoder.Ahead(step.Stage.Layer, living.Hidden, decoder.Rotate(living.PositionIds(plan.Positions)));
        Look(wanted, living, query, key, value);
    }

    // The living tokens of an image are neighbours in the sequence.
    static (int First, int Count) ImageRows(long[] alive, PromptLayout layout, int image)
    {
        int first = Array.FindIndex(alive, position => layout.ImageAt(position) == image);
        return first < 0 ? (0, 0) : (first, alive.Count(position => layout.ImageAt(position) == image));
    }

    PromptText TextAt(LivingTokens living, int b, int image)
    {
        var (alive, layout) = (living.Alive[b], prompts[b].Prompt.Layout);
        int end = image + 1 < layout.Images.Count ? layout.Images[image + 1].Start : layout.Length;
        int first = alive.Count(position => position < layout.Images[image].End), next = alive.Count(position => position < end), text = FirstTextRow(living, b);
        Tensor? Between(int from, int to) => from < to ? living.Rows(b).narrow(0, from, to - from) : null;
        return new(Between(text, alive.Length), Between(first, next), prompts[b].Keywords);
    }

    int FirstTextRow(LivingTokens living, int b)
    {
        int start = prompts[b].Prompt.Layout.TextStart;
        return living.Alive[b].Count(position => position < start);
    }

    AttentionProbe? Probe(int layer, LivingTokens living)
    {
        Signal[] wanted = [.. needs[layer].Where(signal => signal is Signal.Attention or Signal.TextAttention or Signal.DecoderStates { State: not TokenState.Hidden } or Signal.TextStates { State: not TokenState.Hidden })];
        bool recorded = recorder?.Wants($"decoder.attention.{layer}") == true;
        if (wanted.Length == 0 && !recorded) return null;
        return (query, key, value) =>
        {
            if (recorded) recorder!.RecordAttention($"decoder.attention.{layer}", query, key, causal: true);
            var before = clock.Enter(Phase.Selection);
            Look(wanted, living, query, key, value);
            clock.Enter(before);
        };
    }

    void Look(Signal[] wanted, LivingTokens living, Tensor query, Tensor key, Tensor value)
    {
        foreach (var signal in wanted)
            for (int b = 0; b < prompts.Count; b++)
            {
                if (signal is Signal.Attention attention) Look(attention, living, b, query[b], key[b]);
                if (signal is Signal.TextAttention) LookAmongText(signal, living, b, query[b], key[b]);
                if (signal is Signal.DecoderStates states) Copy(signal, living, b, Of(states.State)[b]);
                if (signal is Signal.TextStates text) Copy(signal, living, b, Of(text.State)[b]);
            }

        Tensor Of(TokenState state) => state switch { TokenState.Query => query, TokenState.Key => key, _ => value };
    }

    // How attention and feed-forward part change each token; the softmax of it runs over the whole sequence.
    ModuleProbe? LookAtModules(int layer, LivingTokens living)
    {
        Signal.DecoderTransition[] wanted = [.. needs[layer].OfType<Signal.DecoderTransition>()];
        if (wanted.Length == 0) return null;
        Dictionary<(Signal, int), Tensor> ofAttention = [];
        return (feedForward, input, output) =>
        {
            var before = clock.Enter(Phase.Selection);
            foreach (var signal in wanted)
                for (int b = 0; b < prompts.Count; b++)
                {
                    var transition = TokenTransition.Of(living.RowsOf(input, b), living.RowsOf(output, b), signal.IgnoreSign);
                    if (!feedForward) ofAttention[(signal, b)] = transition;
                    else Copy(signal, living, b, stack([ofAttention[(signal, b)], transition]));
                }
            clock.Enter(before);
        };
    }

    // What a layer gives is seen through the final norm, cut into heads.
    void LookAtOutput(int layer, LivingTokens living)
    {
        foreach (var signal in needs[layer].Where(signal => signal is Signal.DecoderStates { State: TokenState.Hidden } or Signal.TextStates { State: TokenState.Hidden }))
        {
            var before = clock.Enter(Phase.Selection);
            using var normed = decoder.Normalise(living.Hidden);
            for (int b = 0; b < prompts.Count; b++) Copy(signal, living, b, Attention.SplitHeads(normed, decoder.Config.Heads)[b]);
            clock.Enter(before);
        }
    }

    // The rows of each image, or of the text, from [H, T, ...]; the layer's own tensors are freed when it is done.
    void Copy(Signal signal, LivingTokens living, int b, Tensor states)
    {
        var layout = prompts[b].Prompt.Layout;
        // Some come with the padding of the batch, some without.
        int padding = (int)states.shape[1] - living.Alive[b].Length, text = FirstTextRow(living, b);
        for (int i = 0; i < layout.Images.Count; i++)
        {
            var (first, count) = signal is Signal.TextStates ? (text, living.Alive[b].Length - text) : ImageRows(living.Alive[b], layout, i);
            if (count > 0) tables[b][i].Add(signal, states.narrow(1, padding + first, count).clone().MoveToOuterDisposeScope());
        }
    }

    void LookAmongText(Signal signal, LivingTokens living, int b, Tensor query, Tensor key)
    {
        int padding = living.Padding(b), length = living.Alive[b].Length, text = FirstTextRow(living, b);
        if (text == length) return;
        var weights = Attention.Weights(query.narrow(1, padding + text, length - text), key.narrow(1, padding, length), Indices.Range(text, length, query.device)).narrow(-1, text, length - text);
        foreach (var table in tables[b]) table.Add(signal, weights.clone().MoveToOuterDisposeScope());
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
            var last = Indices.Range(row, row + rows, query.device);
            var weights = signal is Signal.DecoderAttention
                ? Attention.Weights(query.narrow(1, row, rows), key, last)
                : Attention.MeanWeights(query.narrow(1, row, rows), key, last);
            // The layer's own tensors are freed when it is done; what was seen must outlive it.
            tables[b][i].Add(signal, weights.narrow(-1, first, count).clone().MoveToOuterDisposeScope());
        }
    }
}
