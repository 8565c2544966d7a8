using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Parity;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>What methods may do besides dropping tokens: leave behind the tower or inside a block, change order, come back, be weighed across pictures.</summary>
public sealed class StagesInTheModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    static readonly long[] Quarter = [.. Enumerable.Range(0, 36).Select(i => 4L * i + i % 3)];

    /// <summary>Hands on what a function says, and remembers the contexts.</summary>
    sealed record Given(Func<PruningContext, TokenSelection> Choose, Signals Needs) : ITokenPruner
    {
        public TokenSelection Select(PruningContext context, TokenBudget budget) => Choose(context);
    }

    Tensor Logits(PruningPlan plan, ActivationRecorder? recorder = null)
    {
        using var prefill = model.Vlm.Prefill([model.Prompt()], plan, recorder);
        return prefill.Logits.clone();
    }

    static PruningPlan At(Stage stage, Func<PruningContext, TokenSelection> choose, Signals? needs = null) => PruningPlan.At(stage, new Given(choose, needs ?? Signals.None), TokenBudget.All);

    [Fact]
    public void Tokens_that_leave_before_the_projector_leave_as_behind_it()
    {
        using var scope = NewDisposeScope();
        var (before, behind) = (Logits(PruningPlan.At(Stage.Tower, new GivenTokens(Quarter), TokenBudget.All)), Logits(PruningPlan.At(Stage.Projector, new GivenTokens(Quarter), TokenBudget.All)));
        Agreement.Check("logits", before, behind, 1e-4);
    }

    [Fact]
    public void Features_merged_before_the_projector_are_projected()
    {
        using var scope = NewDisposeScope();
        // Twice the features of the tower, against the projection of twice the features.
        var doubled = Logits(At(Stage.Tower, image => new TokenSelection(Quarter, 144, features: image.Features.index_select(0, tensor(Quarter)) * 2)));
        var projected = Logits(At(Stage.Projector, image => new TokenSelection(Quarter, 144,
            features: image.Projector(image[new Signal.VisionFeatures()].index_select(0, tensor(Quarter)) * 2)), new Signal.VisionFeatures()));
        Agreement.Check("logits", doubled, projected, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_order_made_in_the_tower_reaches_the_decoder(bool inside)
    {
        using var scope = NewDisposeScope();
        long[] reversed = [.. Enumerable.Range(0, 144).Select(i => 143L - i)];
        var stage = inside ? Stage.VisionInside(2) : Stage.Vision(2);
        foreach (var positions in Enum.GetValues<Positions>())
        {
            var early = Logits(At(stage, image => TokenSelection.InOrder(reversed, 144)).With(positions));
            var late = Logits(At(Stage.Projector, image => TokenSelection.InOrder(reversed, 144)).With(positions));
            Agreement.Check($"logits, {positions}", early, late, 1e-3);
            Assert.False(late.allclose(Logits(PruningPlan.None), 1e-3));
        }
    }

    [Fact]
    public void Merging_equal_tokens_with_their_sizes_changes_nothing_for_the_others()
    {
        using var scope = NewDisposeScope();
        // Inside block 1 every odd token becomes a copy of its left neighbour; then the copies are merged, or stay.
        long[] even = [.. Enumerable.Range(0, 72).Select(i => 2L * i)], twice = [.. Enumerable.Range(0, 144).Select(i => (long)(i / 2 * 2))];
        TokenSelection Copied(PruningContext image) => new(Enumerable.Range(0, 144).Select(i => (long)i), 144, features: image.Features.index_select(0, tensor(twice)));
        TokenSelection Merged(PruningContext image, float size) => TokenSelection.InOrder(even, 144, sizes: [.. Enumerable.Repeat(size, 72)]);
        var pick = new GivenTokens(even);
        var copies = Logits(At(Stage.VisionInside(1), Copied).Then(Stage.Projector, pick, TokenBudget.All));
        Tensor Proportional(float size) => Logits(At(Stage.VisionInside(1), Copied).Then(Stage.Vision(2), new Given(image => Merged(image, size), Signals.None), TokenBudget.All));
        Agreement.Check("logits", Proportional(2), copies, 1e-3);
        Assert.False(Proportional(1).allclose(copies, 1e-3));
    }

    [Fact]
    public void Attention_ahead_is_that_of_the_layer_if_nobody_leaves()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name == "decoder.attention.5");
        Signal last = new Signal.DecoderAttention(Layer.AtStage), text = new Signal.DecoderAttention(Layer.AtStage, Queries.Text), among = new Signal.TextAttention(Layer.AtStage);
        Dictionary<Signal, Tensor> seen = [];
        Logits(At(Stage.Decoder(5), image =>
        {
            foreach (var signal in new[] { last, text, among }) seen[signal] = image[signal].clone().DetachFromDisposeScope();
            return TokenSelection.All(144);
        }, Signals.Of(last, text, among)), recorder);
        var full = recorder["decoder.attention.5"][0];
        long length = full.shape[1];
        Agreement.Check("last token's row", seen[last], full.narrow(1, length - 1, 1).narrow(2, 2, 144), 1e-6);
        Agreement.Check("text rows", seen[text], full.narrow(1, 146, length - 146).narrow(2, 2, 144), 1e-6);
        Agreement.Check("text to text", seen[among], full.narrow(1, 146, length - 146).narrow(2, 146, length - 146), 1e-6);
    }

    [Fact]
    public void What_entered_the_decoder_can_be_looked_back_at_when_tokens_have_left()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name == "decoder.hidden.0");
        Signal visual = new Signal.VisualEmbeddings(), text = new Signal.TextEmbeddings();
        Dictionary<Signal, Tensor> seen = [];
        var plan = PruningPlan.At(Stage.Decoder(2), new GivenTokens(Quarter), TokenBudget.All).Then(Stage.Decoder(4), new Given(image =>
        {
            foreach (var signal in new[] { visual, text }) seen[signal] = image[signal].clone().DetachFromDisposeScope();
            return TokenSelection.All(36);
        }, Signals.Of(visual, text)), TokenBudget.All);
        Logits(plan, recorder);
        var entrance = recorder["decoder.hidden.0"][0];
        Agreement.Check("visual", seen[visual], entrance.narrow(0, 2, 144), 0);
        Agreement.Check("text", seen[text], entrance.narrow(0, 146, entrance.shape[0] - 146), 0);
    }

    [Fact]
    public void Text_and_transition_are_the_same_alone_and_in_a_padded_batch()
    {
        using var scope = NewDisposeScope();
        Signal values = new Signal.TextStates(Layer.BeforeStage, TokenState.Value), hidden = new Signal.TextStates(Layer.BeforeStage, TokenState.Hidden), change = new Signal.DecoderTransition(Layer.BeforeStage);
        Signals needs = Signals.Of(values, hidden, change);
        Dictionary<Signal, Tensor> seen = [];
        var plan = PruningPlan.At(Stage.Decoder(2), new GivenTokens(Quarter), TokenBudget.All).Then(Stage.Decoder(4), new Given(image =>
        {
            foreach (var signal in needs) seen[signal] = image[signal].clone().DetachFromDisposeScope();
            return TokenSelection.All(36);
        }, needs), TokenBudget.All);
        EncodedPrompt[] prompts = [.. new[] { "how many things ?", "is there a red circle left of the blue square ?" }.Select(question => model.Vlm.Encode(model.Vlm.Ask(question, model.Scenes[0].Image)))];
        model.Vlm.Prefill([prompts[0]], plan).Dispose();
        var alone = needs.ToDictionary(signal => signal, signal => seen[signal]);
        model.Vlm.Prefill([prompts[1], prompts[0]], plan).Dispose();
        foreach (var signal in needs) Agreement.Check(signal.Description, seen[signal], alone[signal], 1e-4);
        Assert.Equal([2, 36], alone[change].shape);
        Assert.Equal(prompts[0].Ids.Count - prompts[0].Layout.TextStart, alone[values].shape[1]);
    }

    [Fact]
    public void Tokens_that_come_back_enter_as_the_projector_made_them_and_the_text_has_not_seen_them()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name is "projector" || name.StartsWith("decoder.hidden.", StringComparison.Ordinal));
        using var alone = new ActivationRecorder(name => name == "decoder.hidden.3");
        var plan = PruningPlan.None.ThenWithdraw(Stage.Decoder(0)).ThenReturn(Stage.Decoder(3)).ThenWithdraw(Stage.Decoder(7));
        using var prefill = model.Vlm.Prefill([model.Prompt()], plan, recorder);
        int all = model.Prompt().Ids.Count;
        Assert.Equal([all - 144, all, all - 144], new[] { 0, 3, 9 }.Select(layer => prefill.Alive(layer).Count));
        Agreement.Check("visual rows", recorder["decoder.hidden.3"][0].narrow(0, 2, 144), recorder["projector"][0], 0);
        Logits(PruningPlan.None.ThenWithdraw(Stage.Projector), alone);
        var text = cat([recorder["decoder.hidden.3"][0].narrow(0, 0, 2), recorder["decoder.hidden.3"][0].narrow(0, 146, all - 146)]);
        Agreement.Check("text rows", text, alone["decoder.hidden.3"][0], 1e-4);
        Assert.Equal(model.Vlm.Continue(prefill, new() { MaxTokens = 4, StopAtEnd = false }), model.Vlm.Continue(model.Vlm.Prefill([model.Prompt()], plan), new() { MaxTokens = 4, StopAtEnd = false }));
        Assert.Equal([0, 0, 0, 144, 144, 144, 144, 0, 0, 0], plan.VisualTokens(144, 10).ByLayer);
    }

    [Fact]
    public void Scattered_tokens_meet_those_that_went_on()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name is "projector" or "decoder.hidden.4");
        using var clustered = new ActivationRecorder(name => name == "decoder.hidden.4");
        var cluster = PruningPlan.At(Stage.Decoder(0), new GivenTokens(Quarter), TokenBudget.All);
        model.Vlm.Prefill([model.Prompt()], cluster.ThenReturn(Stage.Decoder(4)), recorder).Dispose();
        model.Vlm.Prefill([model.Prompt()], cluster, clustered).Dispose();
        long[] others = [.. Enumerable.Range(0, 144).Select(i => (long)i).Except(Quarter)];
        var visual = recorder["decoder.hidden.4"][0].narrow(0, 2, 144);
        Agreement.Check("representatives", visual.index_select(0, tensor(Quarter)), clustered["decoder.hidden.4"][0].narrow(0, 2, 36), 1e-5);
        Agreement.Check("the others", visual.index_select(0, tensor(others)), recorder["projector"][0].index_select(0, tensor(others)), 0);
    }

    sealed record Jointly(List<PruningContext> Seen) : IJointPruner
    {
        public Signals Needs => new Signal.PairedText();

        public TokenSelection Select(PruningContext context, TokenBudget budget) => throw new NotSupportedException();

        public IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget)
        {
            Seen.AddRange(images);
            Assert.Equal([1, 2], images.Select(image => image[new Signal.PairedText()].shape[0]).Select(length => length > 1 ? 2 : 1));
            return [new TokenSelection([], 144), new TokenSelection(Quarter, 144)];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_of_a_prompt_can_be_weighed_against_each_other(bool inDecoder)
    {
        using var scope = NewDisposeScope();
        var prompt = model.Vlm.Encode(new Prompt("USER: <image> how <image> many things ? ASSISTANT:", [model.Scenes[0].Image, model.Scenes[1].Image]));
        List<PruningContext> seen = [];
        using var prefill = model.Vlm.Prefill([prompt], PruningPlan.At(inDecoder ? Stage.Decoder(3) : Stage.Projector, new Jointly(seen), 0.5));
        Assert.Equal([0, 1], seen.Select(image => image.Image));
        int[] left = [.. prompt.Layout.Images.Select(span => prefill.Alive(9).Count(position => position >= span.Start && position < span.End))];
        Assert.Equal([0, 36], left);
    }

    [Fact]
    public void What_is_given_with_a_picture_goes_with_its_tokens()
    {
        using var scope = NewDisposeScope();
        Tensor? seen = null;
        var centres = arange(144 * 3, ScalarType.Float32).view(144, 3);
        var plan = PruningPlan.At(Stage.Projector, new GivenTokens(Quarter), TokenBudget.All).Then(Stage.Decoder(2), new Given(image =>
        {
            seen = image[new Signal.PatchCentres()].clone().DetachFromDisposeScope();
            return TokenSelection.All(36);
        }, new Signal.PatchCentres()), TokenBudget.All);
        model.Vlm.Answer([model.Vlm.Ask("how many things ?", model.Scenes[0].Image).With(0, new Signal.PatchCentres(), centres)], plan);
        Agreement.Check("centres", seen!, centres.index_select(0, tensor(Quarter)), 0);
        Assert.Contains("patches in space", Assert.Throws<MissingSignalException>(() => model.Vlm.Answer([model.Vlm.Ask("how many things ?", model.Scenes[0].Image)], plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scores_of_a_step_are_a_signal_of_the_next()
    {
        using var scope = NewDisposeScope();
        float[]? seen = null;
        var plan = At(Stage.Projector, image => TokenSelection.InOrder([5, 3, 9], 144, scores: [.. Enumerable.Range(0, 144).Select(i => (float)i)])).Then(Stage.Decoder(2), new Given(image =>
        {
            seen = image[new Signal.EarlierScores()].data<float>().ToArray();
            return TokenSelection.All(3);
        }, new Signal.EarlierScores()), TokenBudget.All);
        Logits(plan);
        Assert.Equal([5f, 3f, 9f], seen!);
    }

    [Theory]
    [InlineData(144, 12, 12)]
    [InlineData(72, 8, 9)]
    [InlineData(36, 6, 6)]
    [InlineData(9, 3, 3)]
    [InlineData(1, 1, 1)]
    public void A_smaller_picture_gives_fewer_tokens(int budget, int height, int width)
    {
        var plan = PruningPlan.At(Stage.Picture, new SmallerPicture(), budget).With(Positions.Renumber);
        Assert.Equal(new TokenGrid(height, width), plan.PictureGrid(TokenGrid.Square(12)));
        var (whole, answer) = (model.Vlm.Answer(model.Scenes[0].Image, "how many things ?"), model.Vlm.Answer(model.Scenes[0].Image, "how many things ?", plan));
        Assert.All(answer.Trace.VisualTokens, count => Assert.Equal(height * width, count));
        if (budget == 144) Assert.Equal(whole.Confidence, answer.Confidence, 1e-6);
        else Assert.True(answer.Trace.Cost.VisionFlops < whole.Trace.Cost.VisionFlops);
        Assert.Equal(budget == 72 ? 72 : height * width, plan.VisualTokens(144, 10).ByLayer[0]);
    }
}
