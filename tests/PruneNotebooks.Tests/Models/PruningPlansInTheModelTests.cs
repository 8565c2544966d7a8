using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using PruneNotebooks.Tests.Parity;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>What must hold whatever the plan: pruning changes what it says and nothing else.</summary>
public sealed class PruningPlansInTheModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    static readonly Dictionary<string, PruningPlan> Plans = new()
    {
        ["nothing leaves"] = PruningPlan.None,
        ["random at the projector"] = PruningPlan.At(Stage.Projector, new RandomTokens { Seed = 3 }, 0.25),
        ["divprune, renumbered"] = PruningPlan.At(Stage.Projector, new DivPrune(), 36).With(Positions.Renumber),
        ["fastv"] = PruningPlan.At(Stage.Decoder(2), new FastV(), 0.5),
        ["fastv, renumbered"] = PruningPlan.At(Stage.Decoder(3), new FastV(), 20).With(Positions.Renumber),
        ["three stages"] = PruningPlan.At(Stage.Projector, new DivPrune(), 0.5).Then(Stage.Decoder(4), new FastV(), 0.5).Then(Stage.Decoder(8), new RandomTokens(), TokenBudget.Nothing),
        ["inside the tower"] = PruningPlan.At(Stage.Vision(2), new RandomTokens { Seed = 1 }, 0.5).Then(Stage.Projector, new FasterVlm(), 0.5),
        ["at the first decoder layer"] = PruningPlan.At(Stage.Decoder(0), new DivPrune(), 30),
    };

    public static TheoryData<string> PlanNames => [.. Plans.Keys];

    [Fact]
    public void Without_a_plan_the_model_is_its_parts_in_a_row_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var vlm = model.Vlm;
        var prompt = model.Prompt();
        var hidden = vlm.Tower.Embed(vlm.Processor.Process([model.Scenes[0].Image]));
        for (int block = 0; block < 4; block++) hidden = vlm.Tower.Forward(block, hidden);
        var visual = vlm.Projector.Forward(hidden.narrow(1, 1, 144));
        var sequence = vlm.Decoder.Embed(tensor([.. prompt.Ids], [1, prompt.Ids.Count], ScalarType.Int64));
        sequence.narrow(1, prompt.Layout.Images[0].Start, 144).copy_(visual);
        using var cache = new KvCache(10);
        var rotation = vlm.Decoder.Rotate(arange(prompt.Ids.Count, ScalarType.Int64).unsqueeze(0));
        for (int layer = 0; layer < 10; layer++) sequence = vlm.Decoder.Forward(layer, sequence, rotation, cache, mask: null);

        using var prefill = vlm.Prefill([prompt]);
        Assert.True(prefill.Hidden.equal(sequence).all().item<bool>());
        Assert.True(prefill.Logits.equal(vlm.Decoder.Logits(sequence.select(1, prompt.Ids.Count - 1))).all().item<bool>());
    }

    [Fact]
    public void Plans_that_look_together_answer_as_each_alone()
    {
        Prompt[] prompts = [.. model.Scenes.SelectMany(scene => scene.Questions.Take(2).Select(question => model.Vlm.Ask(question.Text, scene.Image)))];
        PruningPlan[] plans = [.. Plans.Values];
        var together = model.Vlm.Answer(prompts, plans);
        foreach (var (plan, answers) in plans.Zip(together))
            foreach (var (alone, other) in model.Vlm.Answer(prompts, plan).Zip(answers))
            {
                Assert.Equal((alone.Text, plan), (other.Text, other.Trace.Plan));
                Assert.Equal(alone.Tokens, other.Tokens);
                Assert.Equal(alone.Confidence, other.Confidence, tolerance: 1e-5);
                Assert.Equal(alone.Trace.Alive, other.Trace.Alive);
                Assert.Equal(alone.Trace.UnfusedLayers, other.Trace.UnfusedLayers);
                Assert.True(other.Trace.Times.Vision > TimeSpan.Zero);
            }
    }

    // Methods that keep every token and still do something else: summaries in the place of tokens, layers that see none.
    static readonly HashSet<string> DoMore = ["visionzip", "prumerge", "prumerge+", "hidrop", "lvlm-csp"];

    public static TheoryData<string> Slugs => [.. MethodCatalogue.All.Select(method => method.Slug).Where(slug => !DoMore.Contains(slug))];

    [Theory, MemberData(nameof(Slugs))]
    public void A_plan_that_keeps_everything_changes_nothing(string slug)
    {
        var prompt = model.Prompt();
        using var plain = model.Vlm.Prefill([prompt]);
        foreach (var positions in (Positions[])[Positions.Keep, Positions.Renumber])
        {
            var plan = MethodCatalogue.Find(slug).Plan(TokenBudget.All, model.Vlm.Dimensions).With(positions);
            using var kept = model.Vlm.Prefill([model.Vlm.Encode(EveryMethodInTheModelTests.Ask(model, 0, 0, MethodCatalogue.Find(slug)))], plan);
            Agreement.Check(slug, kept.Logits, plain.Logits, 1e-5);
        }
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void Greedy_answers_with_and_without_cache_agree(string name)
    {
        var prompt = model.Prompt(scene: 1, question: 2);
        using var prefill = model.Vlm.Prefill([prompt], Plans[name]);
        var cached = model.Vlm.Continue(prefill, new() { MaxTokens = 6, StopAtEnd = false })[0];

        // Without a cache every step reads the longer prompt anew; the selection made in the first prefill stays.
        var fixedPlan = SelectionsOf(prefill, prompt, Plans[name]);
        List<long> again = [];
        for (int i = 0; i < 6; i++)
        {
            using var scope = NewDisposeScope();
            using var step = model.Vlm.Prefill([prompt.Append(again)], fixedPlan);
            again.Add(step.Logits.argmax(-1).item<long>());
        }
        Assert.Equal(again, cached);
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void Every_layer_caches_exactly_the_tokens_that_live_in_it(string name)
    {
        var prompt = model.Prompt();
        var (byLayer, _) = Plans[name].VisualTokens(144, 10);
        using var prefill = model.Vlm.Prefill([prompt], Plans[name]);
        for (int layer = 0; layer < 10; layer++)
        {
            Assert.Equal(prompt.Ids.Count - 144 + byLayer[layer], prefill.Cache.Length(layer));
            Assert.Equal(prefill.Cache.Length(layer), prefill.Alive(layer).Count);
        }
        long bytes = Enumerable.Range(0, 10).Sum(layer => prefill.Cache.Length(layer)) * model.Vlm.Config.Network.Decoder!.Block.KvBytes(4);
        Assert.Equal(bytes, prefill.Cache.Bytes);
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void An_answer_does_not_depend_on_its_neighbours_nor_on_padding(string name)
    {
        // Different pictures and questions of different lengths in one batch, and two questions that share a picture.
        EncodedPrompt[] prompts = [model.Prompt(0, 0), model.Prompt(1, 3), model.Prompt(1, 1), model.Prompt(2, 5)];
        using var together = model.Vlm.Prefill(prompts, Plans[name]);
        var answers = model.Vlm.Continue(together, new() { MaxTokens = 5, StopAtEnd = false });
        for (int b = 0; b < prompts.Length; b++)
        {
            using var alone = model.Vlm.Prefill([prompts[b]], Plans[name]);
            using var row = together.Logits[b].unsqueeze(0);
            Agreement.Check($"logits of prompt {b}", row, alone.Logits);
            Assert.Equal(model.Vlm.Continue(alone, new() { MaxTokens = 5, StopAtEnd = false })[0], answers[b]);
            Assert.Equal(alone.Alive(9), together.Alive(9, b));
        }
    }

    [Theory, MemberData(nameof(PlanNames))]
    public void Questions_that_share_a_picture_are_answered_as_if_alone(string name)
    {
        Prompt[] prompts = [.. model.Scenes.SelectMany(scene => scene.Questions.Take(3).Select(question => model.Vlm.Ask(question.Text, scene.Image)))];
        var together = model.Vlm.Answer(prompts, Plans[name]);
        for (int i = 0; i < prompts.Length; i++)
        {
            var alone = model.Vlm.Answer([prompts[i]], Plans[name])[0];
            Assert.Equal(alone.Text, together[i].Text);
            Assert.Equal(alone.Confidence, together[i].Confidence, tolerance: 1e-4);
            Assert.Equal(alone.Trace.Alive, together[i].Trace.Alive);
            Assert.Equal(alone.Trace.Cost, together[i].Trace.Cost);
        }
    }

    [Fact]
    public void The_trace_tells_what_happened()
    {
        var trace = model.Vlm.Answer(model.Scenes[0].Image, "how many things ?", Plans["three stages"]).Trace;
        Assert.Equal([72, 72, 72, 72, 36, 36, 36, 36, 0, 0], trace.VisualTokens);
        Assert.Equal(0, trace.KeptVisualTokens);
        Assert.Equal((4 * 72 + 4 * 36) / 10.0, trace.AverageVisualTokens);
        Assert.Equal(["decoder layer 3 (rows of the last token)"], trace.UnfusedLayers);
        Assert.Equal(3, trace.Stages.Count);
        Assert.Equal(trace.Stages[0].Kept, trace.Stages[1].Arrived);
        Assert.Empty(trace.Kept());
        Assert.Empty(model.Vlm.Answer(model.Scenes[0].Image, "how many things ?", Plans["random at the projector"]).Trace.UnfusedLayers);
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_refused_in_a_sentence()
    {
        var image = model.Scenes[0].Image;
        Assert.Contains("use it at Stage.Decoder(k)", Refusal(PruningPlan.At(Stage.Projector, new FastV(), 0.5)), StringComparison.Ordinal);
        Assert.Contains("k of 1 or more", Refusal(PruningPlan.At(Stage.Decoder(0), new FastV(), 0.5)), StringComparison.Ordinal);
        Assert.Contains("layers 0 to 9", Refusal(PruningPlan.At(Stage.Decoder(10), new RandomTokens(), 0.5)), StringComparison.Ordinal);
        Assert.Contains("layers 0 to 4", Refusal(PruningPlan.At(Stage.Vision(7), new RandomTokens(), 0.5)), StringComparison.Ordinal);
        Assert.Contains("only 144 arrive", Refusal(PruningPlan.At(Stage.Projector, new DivPrune(), 145)), StringComparison.Ordinal);
        Assert.Contains("placeholder", Assert.Throws<ArgumentException>(() => model.Vlm.Encode(new Prompt("USER: what ? ASSISTANT:", [image]))).Message, StringComparison.Ordinal);

        string Refusal(PruningPlan plan) => Assert.ThrowsAny<ArgumentException>(() => model.Vlm.Answer(image, "how many things ?", plan)).Message;
    }

    // The plan whose pruners are told to keep what a prefill has kept.
    static PruningPlan SelectionsOf(Prefill prefill, EncodedPrompt prompt, PruningPlan plan)
    {
        var given = PruningPlan.None.With(plan.Positions);
        var span = prompt.Layout.Images[0];
        for (int layer = 0; layer < 10; layer++)
        {
            if (layer > 0 && prefill.Alive(layer).SequenceEqual(prefill.Alive(layer - 1))) continue;
            long[] kept = [.. prefill.Alive(layer).Where(position => prompt.Layout.ImageAt(position) == 0).Select(position => position - span.Start)];
            // Tokens that left inside the tower changed those that stayed, so these must leave there again.
            bool tower = layer == 0 && plan.Steps.Any(step => step.Stage.Where == Stage.Part.Vision);
            if (tower) given = given.Then(plan.Steps[0].Stage, plan.Steps[0].Pruner, plan.Steps[0].Budget);
            given = given.Then(layer == 0 ? Stage.Projector : Stage.Decoder(layer), new GivenTokens(kept), TokenBudget.All);
        }
        return given;
    }
}
