using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>One way from prompts to answers: vision, projector stage, prefill, decoding; measured and traced.</summary>
internal sealed class AnswerRun(Vlm model, PruningPlan plan, ActivationRecorder? recorder = null, Tensor? givenPixels = null)
{
    readonly LlavaConfig config = model.Config;
    readonly ModelShape shape = model.Config.Shape();
    readonly StageClock clock = new(model.Compute);
    readonly List<string> unfused = [];
    readonly Dictionary<RgbImage, RgbImage> fitted = [];
    double visionFlops;

    public IReadOnlyList<Answer> Answer(IReadOnlyList<EncodedPrompt> prompts, GenerationOptions options, CancellationToken cancellation)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var visual = See(prompts);
        var run = new DecoderRun(model.Decoder, shape, plan, visual, clock, recorder, unfused);
        using var prefill = SharedStart(visual) is { } start ? ReadAfter(start, run, visual) : Read(run, visual);
        clock.Enter(Phase.Decode);
        var answers = GreedyDecoding.Run(model.Decoder, prefill, model.Generation.EndTokens, options, cancellation);
        var times = clock.Stop();
        return [.. prompts.Select((prompt, b) => new Answer
        {
            Text = model.Tokenizer.Decode(answers[b].Tokens).Trim(),
            Tokens = answers[b].Tokens,
            Confidence = Math.Exp(answers[b].LogProbability),
            Prompt = model.Tokenizer.Decode(prompt.Ids.Where(id => id != config.ImageToken)),
            Images = [.. prompt.Images.Select(image => fitted[image])],
            Trace = Trace(visual[b], prefill, run, b, answers[b].Tokens.Count, times),
        })];
    }

    public Prefill Prefill(IReadOnlyList<EncodedPrompt> prompts)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var visual = See(prompts);
        return Read(new DecoderRun(model.Decoder, shape, plan, visual, clock, recorder, unfused), visual);
    }

    // Every picture passes the tower once, however many prompts show it.
    VisualPrompt[] See(IReadOnlyList<EncodedPrompt> prompts)
    {
        clock.Enter(Phase.Vision);
        RgbImage[] pictures = [.. prompts.SelectMany(prompt => prompt.Images).Distinct()];
        Dictionary<RgbImage, VisualTokens> seen = [];
        if (pictures.Length > 0)
        {
            foreach (var picture in pictures) fitted[picture] = model.Processor.Fit(picture);
            var pixels = (givenPixels ?? model.Processor.Process([.. pictures.Select(picture => fitted[picture])])).to(model.Compute.Device);
            if (pixels.shape[0] != pictures.Length)
                throw new ArgumentException($"The prompts show {pictures.Length} different pictures, but pixels were given for {pixels.shape[0]}.");
            var tokens = new VisionRun(config, model.Tower, model.Projector, plan, clock, recorder, unfused).Run(pixels);
            visionFlops = tokens.Sum(image => image.Flops);
            foreach (var (picture, image) in pictures.Zip(tokens)) seen[picture] = image;
        }
        var step = plan.Steps.FirstOrDefault(step => step.Stage == Stage.Projector);
        if (step is null) return [.. prompts.Select(prompt => new VisualPrompt(prompt, [.. prompt.Images.Select(image => seen[image])]))];
        bool looksAtText = step.Pruner.Needs.Contains(new Signal.TextFeatures());
        Dictionary<(RgbImage, int), VisualTokens> pruned = [];
        return [.. prompts.Select(prompt => new VisualPrompt(prompt, [.. prompt.Images.Select((image, i) =>
        {
            if (looksAtText) return Prune(step, seen[image], i, TextOf(prompt));
            if (!pruned.TryGetValue((image, i), out var tokens)) tokens = pruned[(image, i)] = Prune(step, seen[image], i, null);
            return tokens;
        })]))];
    }

    VisualTokens Prune(PruningStep step, VisualTokens tokens, int image, Tensor? text)
    {
        var decision = Decision.Make(step, tokens.Signals, tokens.Features, tokens.Image.Grid, tokens.Places, image, text, clock);
        var features = tokens.Features.index_select(0, decision.Kept).unsqueeze(0);
        decision.Merge(features, 0);
        return tokens with { Features = features.squeeze(0), Places = decision.Trace.Kept, Signals = decision.Signals, Stages = [.. tokens.Stages, decision.Trace] };
    }

    Tensor TextOf(EncodedPrompt prompt) =>
        model.Decoder.Embed(tensor(prompt.Ids.Skip(prompt.Layout.TextStart).ToArray(), ScalarType.Int64, model.Compute.Device));

    Prefill Read(DecoderRun run, VisualPrompt[] prompts)
    {
        clock.Enter(Phase.Prefill);
        long[][] alive = [.. prompts.Select(prompt => prompt.Alive())];
        var sequences = prompts.Select((prompt, b) => DecoderRun.Splice(model.Decoder, prompt, alive[b])).ToArray();
        return run.Run(LivingTokens.Batch(sequences, alive), new KvCache(config.Text.Layers));
    }

    // Prompts that start alike - same pictures, same text up to the last of them - share that start, as long as no later step looks at it again.
    int? SharedStart(VisualPrompt[] prompts)
    {
        var first = prompts[0];
        int start = first.Prompt.Layout.TextStart;
        bool shared = prompts.Length > 1 && start > 0
            && plan.Steps.All(step => step.Stage.Where != Stage.Part.Decoder && !step.Pruner.Needs.Contains(new Signal.TextFeatures()))
            && prompts.All(prompt => prompt.Prompt.Ids.Count > start && prompt.Prompt.Layout.TextStart == start
                && prompt.Prompt.Ids.Take(start).SequenceEqual(first.Prompt.Ids.Take(start))
                && prompt.Prompt.Images.SequenceEqual(first.Prompt.Images));
        return shared ? start : null;
    }

    Prefill ReadAfter(int start, DecoderRun run, VisualPrompt[] prompts)
    {
        clock.Enter(Phase.Prefill);
        long[][] alive = [.. prompts.Select(prompt => prompt.Alive())];
        int cached = alive[0].Count(position => position < start);
        long[] beginning = alive[0][..cached];
        var alone = new DecoderRun(model.Decoder, shape, PruningPlan.None.With(plan.Positions), [prompts[0]], clock, recorder: null, []);
        using var one = alone.Run(LivingTokens.Batch([DecoderRun.Splice(model.Decoder, prompts[0], beginning)], [beginning]), new KvCache(config.Text.Layers));
        var rest = prompts.Select((prompt, b) => DecoderRun.Splice(model.Decoder, prompt, alive[b][cached..])).ToArray();
        return run.Run(LivingTokens.Batch(rest, alive, cached), one.Cache.Repeat(prompts.Length));
    }

    PruningTrace Trace(VisualPrompt prompt, Prefill prefill, DecoderRun run, int b, int generated, StageTimes times)
    {
        int layers = config.Text.Layers;
        var alive = Enumerable.Range(0, layers).Select(layer => prefill.Alive(layer, b)).ToArray();
        double prefillFlops = alive.Sum(tokens => ModelCost.DecoderLayer(config.Text, tokens.Count, tokens.Count)) + ModelCost.Head(config.Text, 1);
        double decodeFlops = Enumerable.Range(1, generated - 1).Sum(step =>
            alive.Sum(tokens => ModelCost.DecoderLayer(config.Text, 1, tokens.Count + step)) + ModelCost.Head(config.Text, 1));
        long kv = alive.Sum(tokens => (long)tokens.Count) * ModelCost.KvBytesPerToken(config.Text, (int)model.Decoder.ElementSize);
        return new PruningTrace
        {
            Plan = plan,
            Images = [.. prompt.Images.Select((image, i) => image.Image with { Start = prompt.Prompt.Layout.Images[i].Start })],
            Stages = run.Stages[b],
            Alive = alive,
            VisualTokens = [.. alive.Select(tokens => tokens.Count(position => prompt.Prompt.Layout.ImageAt(position) >= 0))],
            UnfusedLayers = unfused,
            Cost = new ComputeCost(prompt.Images.Sum(image => image.Flops), prefillFlops, decodeFlops, kv),
            Times = times,
        };
    }
}
