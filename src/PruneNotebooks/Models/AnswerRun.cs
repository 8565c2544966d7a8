using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>One way from prompts to answers: vision, projector stage, prefill, decoding; measured and traced.</summary>
/// <param name="model">The model.</param>
/// <param name="plan">Which tokens leave where.</param>
/// <param name="seen">The pictures of the prompts.</param>
/// <param name="clock">Measures; has measured the seeing.</param>
/// <param name="recorder">Keeps activations.</param>
internal sealed class AnswerRun(Vlm model, PruningPlan plan, SeenPictures seen, StageClock clock, ActivationRecorder? recorder = null)
{
    readonly LlavaConfig config = model.Config;
    readonly ModelShape shape = model.Config.Shape();

    public IReadOnlyList<Answer> Answer(IReadOnlyList<EncodedPrompt> prompts, GenerationOptions options, CancellationToken cancellation)
    {
        var visual = See(prompts);
        var run = new DecoderRun(model.Decoder, shape, plan, visual, clock, recorder);
        using var prefill = SharedStarts(visual) is var (starts, ofPrompt) ? ReadAfter(starts, ofPrompt, run, visual) : Read(run, visual);
        clock.Enter(Phase.Decode);
        var answers = GreedyDecoding.Run(model.Decoder, prefill, model.Generation.EndTokens, options, cancellation);
        var times = clock.Stop();
        return [.. prompts.Select((prompt, b) => new Answer
        {
            Text = model.Tokenizer.Decode(answers[b].Tokens).Trim(),
            Tokens = answers[b].Tokens,
            Confidence = Math.Exp(answers[b].LogProbability),
            Prompt = model.Tokenizer.Decode(prompt.Ids.Where(id => id != config.ImageToken)),
            Images = [.. prompt.Images.Select(image => seen.Fitted(image))],
            Trace = Trace(visual[b], prefill, run, b, answers[b].Tokens.Count, times),
        })];
    }

    public Prefill Prefill(IReadOnlyList<EncodedPrompt> prompts)
    {
        var visual = See(prompts);
        return Read(new DecoderRun(model.Decoder, shape, plan, visual, clock, recorder), visual);
    }

    VisualPrompt[] See(IReadOnlyList<EncodedPrompt> prompts)
    {
        clock.Enter(Phase.Vision);
        PruningStep[] steps = [.. plan.Steps.Where(step => step.Stage == Stage.Tower || step.Stage == Stage.Projector)];
        bool alone = steps.Any(step => step.LooksAtText || step.Pruner is IJointPruner);
        Dictionary<(RgbImage, int), VisualTokens> pruned = [];
        return [.. prompts.Select(prompt =>
        {
            Func<Tensor> keywords = () => KeywordsOf(prompt);
            VisualTokens[] images = [.. prompt.Images.Select((image, i) => prompt.Given.Count == 0 ? seen[image, i] : Given(seen[image, i], prompt, i))];
            if (steps.Length == 0) return new VisualPrompt(prompt, images, keywords);
            if (alone || prompt.Given.Count > 0) return new VisualPrompt(prompt, Prune(steps, images, prompt, keywords), keywords);
            return new VisualPrompt(prompt, [.. images.Select((tokens, i) =>
            {
                var key = (prompt.Images[i], i);
                if (!pruned.TryGetValue(key, out var left)) left = pruned[key] = Prune(steps, [tokens], prompt, keywords, number: i)[0];
                return left;
            })], keywords);
        })];
    }

    // What was given with the picture goes with its tokens.
    static VisualTokens Given(VisualTokens tokens, EncodedPrompt prompt, int image)
    {
        var signals = tokens.Signals.Copy();
        foreach (var ((of, signal), value) in prompt.Given)
            if (of == image) signals.Add(signal, value.to(tokens.Features.device));
        return tokens with { Signals = signals };
    }

    VisualTokens[] Prune(PruningStep[] steps, VisualTokens[] images, EncodedPrompt prompt, Func<Tensor> keywords, int number = 0)
    {
        foreach (var step in steps)
        {
            bool behind = step.Stage == Stage.Projector;
            var decisions = Decision.Make(step, [.. images.Select((tokens, i) => new ArrivingImage(tokens.Signals, behind ? tokens.Features : tokens.Tower,
                tokens.Image.Grid, tokens.Places, number + i, step.LooksAtText ? TextOf(prompt, number + i, keywords) : null, Project))], clock);
            images = [.. images.Zip(decisions, (tokens, decision) => Left(tokens, decision, behind))];
        }
        return images;
    }

    VisualTokens Left(VisualTokens tokens, Decision decision, bool behindProjector)
    {
        var left = tokens with { Places = decision.Places, Signals = decision.Signals, Stages = [.. tokens.Stages, decision.Trace] };
        if (behindProjector) return left with { Features = decision.Apply(tokens.Features), Tower = tokens.Tower.index_select(0, decision.Kept) };
        var tower = decision.Apply(tokens.Tower);
        double saved = config.Network.Projector!.Flops(tokens.Places.Count) - config.Network.Projector.Flops(decision.Places.Count);
        return left with { Features = Project(tower), Tower = tower, Flops = tokens.Flops - saved };
    }

    Tensor Project(Tensor tower) => model.Projector.Forward(tower);

    PromptText TextOf(EncodedPrompt prompt, int image, Func<Tensor> keywords)
    {
        var layout = prompt.Layout;
        int end = image + 1 < layout.Images.Count ? layout.Images[image + 1].Start : layout.Length;
        return new(Embed(prompt, layout.TextStart, layout.Length), Embed(prompt, layout.Images[image].End, end), keywords);
    }

    Tensor? Embed(EncodedPrompt prompt, int from, int to) =>
        from < to ? model.Decoder.Embed(tensor([.. prompt.Ids.Skip(from).Take(to - from)], ScalarType.Int64, model.Compute.Device)) : null;

    Tensor KeywordsOf(EncodedPrompt prompt)
    {
        string question = prompt.Question ?? model.Tokenizer.Decode(prompt.Ids.Skip(prompt.Layout.TextStart));
        long[] ids = [.. ContentWords.Of(question).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(word => model.Tokenizer.Encode(word, addSpecialTokens: false))];
        return model.Decoder.Embed(tensor(ids, ScalarType.Int64, model.Compute.Device));
    }

    Prefill Read(DecoderRun run, VisualPrompt[] prompts)
    {
        clock.Enter(Phase.Prefill);
        long[][] alive = [.. prompts.Select(prompt => prompt.Alive())];
        return run.Run(LivingTokens.Batch(Splice(prompts, alive), alive), new KvCache(config.Text.Layers));
    }

    // Prompts often start alike: the same text and the same pictures, up to the last of them. As long as no later step looks at a start
    // again, each different start is read once. Gives the starts and, by prompt, which one is its own; nothing if that saves nothing.
    (List<int> Starts, int[] OfPrompt)? SharedStarts(VisualPrompt[] prompts)
    {
        int end = prompts[0].Prompt.Layout.TextStart;
        if (end == 0 || plan.Steps.Any(step => step.Stage.Where == Stage.Part.Decoder || step.LooksAtText)) return null;
        List<int> starts = [];
        int[] ofPrompt = new int[prompts.Length];
        for (int b = 0; b < prompts.Length; b++)
        {
            var prompt = prompts[b].Prompt;
            if (prompt.Layout.TextStart != end || prompt.Ids.Count == end) return null;
            int known = starts.FindIndex(first => StartAlike(prompts[first].Prompt, prompt, end));
            if (known < 0) starts.Add(b);
            ofPrompt[b] = known < 0 ? starts.Count - 1 : known;
        }
        bool equallyLong = starts.Select(b => prompts[b].Alive().Count(position => position < end)).Distinct().Count() == 1;
        return equallyLong && starts.Count < prompts.Length ? (starts, ofPrompt) : null;
    }

    static bool StartAlike(EncodedPrompt a, EncodedPrompt b, int end) => a.Images.SequenceEqual(b.Images) && a.Ids.Take(end).SequenceEqual(b.Ids.Take(end));

    Prefill ReadAfter(List<int> starts, int[] ofPrompt, DecoderRun run, VisualPrompt[] prompts)
    {
        clock.Enter(Phase.Prefill);
        long[][] alive = [.. prompts.Select(prompt => prompt.Alive())];
        int cached = alive[0].Count(position => position < prompts[0].Prompt.Layout.TextStart);
        VisualPrompt[] firsts = [.. starts.Select(b => prompts[b])];
        long[][] beginnings = [.. starts.Select(b => alive[b][..cached])];
        var alone = new DecoderRun(model.Decoder, shape, PruningPlan.None.With(plan.Positions), firsts, clock, recorder: null);
        using var read = alone.Run(LivingTokens.Batch(Splice(firsts, beginnings), beginnings), new KvCache(config.Text.Layers));
        return run.Run(LivingTokens.Batch(Splice(prompts, [.. alive.Select(positions => positions[cached..])]), alive, cached), read.Cache.Select(ofPrompt));
    }

    Tensor[] Splice(VisualPrompt[] prompts, long[][] alive) => [.. prompts.Select((prompt, b) => DecoderRun.Splice(model.Decoder, prompt, alive[b]))];

    PruningTrace Trace(VisualPrompt prompt, Prefill prefill, DecoderRun run, int b, int generated, StageTimes times)
    {
        int layers = config.Text.Layers;
        var alive = Enumerable.Range(0, layers).Select(layer => (IReadOnlyList<long>)[.. prefill.Alive(layer, b).Order()]).ToArray();
        var decoder = config.Network.Decoder!;
        int bytes = (int)model.Decoder.ElementSize;
        double prefillFlops = alive.Sum(tokens => decoder.Prefill(tokens.Count, bytes).Flops) + decoder.Head.Flops(1);
        double decodeFlops = alive.Sum(tokens => decoder.Decode(tokens.Count, generated, bytes).Flops) + decoder.Head.Flops(generated - 1);
        long kv = alive.Sum(tokens => (long)tokens.Count) * decoder.Block.KvBytes(bytes);
        return new PruningTrace
        {
            Plan = plan,
            Images = [.. prompt.Images.Select((image, i) => image.Image with { Start = prompt.Prompt.Layout.Images[i].Start })],
            Stages = run.Stages[b],
            Alive = alive,
            VisualTokens = [.. alive.Select(tokens => tokens.Count(position => prompt.Prompt.Layout.ImageAt(position) >= 0))],
            UnfusedLayers = shape.Unfused(plan),
            Cost = new ComputeCost(prompt.Images.Sum(image => image.Flops), prefillFlops, decodeFlops, kv),
            Times = times,
        };
    }
}
