using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Parity;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>The few rows of attention that a method sees are those of the full attention matrix.</summary>
public sealed class SignalsTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    /// <summary>Keeps everything and remembers what it was shown.</summary>
    sealed record Onlooker(Signals Needs, Dictionary<Signal, Tensor> Seen) : ITokenPruner
    {
        public TokenSelection Select(PruningContext context, TokenBudget budget)
        {
            foreach (var signal in Needs) Seen[signal] = context[signal].clone().DetachFromDisposeScope();
            return TokenSelection.All(context.Tokens);
        }
    }

    Dictionary<Signal, Tensor> Look(Stage stage, Signals needs, ActivationRecorder? recorder = null, PruningPlan? before = null)
    {
        Dictionary<Signal, Tensor> seen = [];
        model.Vlm.Prefill([model.Prompt()], (before ?? PruningPlan.None).Then(stage, new Onlooker(needs, seen), TokenBudget.All), recorder).Dispose();
        return seen;
    }

    [Fact]
    public void Vision_attention_is_that_of_the_full_matrix()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name is "vision.attention.3" or "vision.attention.1");
        Signal cls = new Signal.VisionAttention(), all = new Signal.VisionAttentionReceived(Layer.Number(2)), visual = new Signal.VisionAttention(Layer.Features, Queries.Visual);
        var seen = Look(Stage.Projector, Signals.Of(cls, all, visual), recorder);
        Agreement.Check("class token's row", seen[cls], recorder["vision.attention.3"][0, TensorIndex.Colon, TensorIndex.Slice(0, 1), TensorIndex.Slice(1)], 1e-6);
        Agreement.Check("patches' rows", seen[visual], recorder["vision.attention.3"][0, TensorIndex.Colon, TensorIndex.Slice(1), TensorIndex.Slice(1)], 1e-6);
        Agreement.Check("received", seen[all], recorder["vision.attention.1"][0].mean([1])[TensorIndex.Colon, TensorIndex.Slice(1)], 1e-6);
    }

    [Fact]
    public void Decoder_attention_is_that_of_the_full_matrix()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name == "decoder.attention.4");
        Signal last = new Signal.DecoderAttention(Layer.BeforeStage), text = new Signal.DecoderAttention(Layer.Index(4), Queries.Text), all = new Signal.DecoderAttentionReceived(Layer.Number(5));
        var seen = Look(Stage.Decoder(5), Signals.Of(last, text, all), recorder);
        var full = recorder["decoder.attention.4"][0].narrow(-1, 2, 144);
        long length = full.shape[1];
        Agreement.Check("last token's row", seen[last], full.narrow(1, length - 1, 1), 1e-6);
        Agreement.Check("text rows", seen[text], full.narrow(1, 146, length - 146), 1e-6);
        Agreement.Check("received", seen[all], full.mean([1]), 1e-6);
    }

    [Fact]
    public void States_are_those_that_make_the_layers_attention_and_the_layer_stays_fused()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name is "decoder.attention.4" or "decoder.hidden.5");
        Signal query = new Signal.DecoderStates(Layer.BeforeStage), key = new Signal.DecoderStates(Layer.BeforeStage, TokenState.Key),
            value = new Signal.DecoderStates(Layer.BeforeStage, TokenState.Value), hidden = new Signal.DecoderStates(Layer.BeforeStage, TokenState.Hidden);
        var seen = Look(Stage.Decoder(5), Signals.Of(query, key, value, hidden), recorder);
        // Softmax runs over text too; ratios within a row do not know of it.
        long size = seen[query].shape[2];
        var scores = seen[query].matmul(seen[key].transpose(1, 2)) / Math.Sqrt(size);
        var full = recorder["decoder.attention.4"][0].narrow(1, 2, 144).narrow(2, 2, 144).log();
        Agreement.Check("last visual row", (scores - scores.narrow(2, 0, 1)).select(1, 143), (full - full.narrow(2, 0, 1)).select(1, 143), 1e-3);
        Assert.Equal(seen[key].shape, seen[value].shape);
        Assert.False(seen[key].allclose(seen[value]));
        var output = recorder["decoder.hidden.5"][0].narrow(0, 2, 144);
        // The norm scales every dimension by one weight for all tokens.
        var weights = seen[hidden].transpose(0, 1).reshape(144, -1) / (output / output.square().mean([1], keepdim: true).sqrt());
        Agreement.Check("normalised output", weights, weights.narrow(0, 0, 1).expand_as(weights), 1e-3);
        Assert.Empty(model.Vlm.Answer(model.Scenes[0].Image, "how many things ?", PruningPlan.At(Stage.Decoder(2), new EntropyPrune(), 36)).Trace.UnfusedLayers);
    }

    [Theory]
    [InlineData(TokenState.Query)]
    [InlineData(TokenState.Value)]
    [InlineData(TokenState.Hidden)]
    public void States_of_a_batch_are_those_of_each_prompt_alone(TokenState state)
    {
        // Prompts of different length, behind a cut: padding and missing tokens must not shift rows.
        Signal signal = new Signal.DecoderStates(Layer.BeforeStage, state);
        long[] kept = [.. Enumerable.Range(0, 36).Select(i => 4L * i)];
        Dictionary<Signal, Tensor> seen = [];
        var plan = PruningPlan.At(Stage.Decoder(2), new GivenTokens(kept), TokenBudget.All).Then(Stage.Decoder(4), new Onlooker(signal, seen), TokenBudget.All);
        EncodedPrompt[] prompts = [.. new[] { "how many things ?", "is there a red circle left of the blue square ?" }.Select(question => model.Vlm.Encode(model.Vlm.Ask(question, model.Scenes[0].Image)))];
        using var scope = NewDisposeScope();
        model.Vlm.Prefill([prompts[1]], plan).Dispose();
        var alone = seen[signal];
        model.Vlm.Prefill([prompts[1], prompts[0]], plan).Dispose();
        Agreement.Check("of the shorter prompt in a batch, which sees the same picture", seen[signal], alone, 1e-4);
        Assert.Equal(36, alone.shape[1]);
    }

    [Fact]
    public void A_signal_from_before_a_cut_tells_of_the_tokens_that_are_left()
    {
        using var scope = NewDisposeScope();
        Signal cls = new Signal.VisionAttention(), hidden = new Signal.VisionFeatures();
        var whole = Look(Stage.Decoder(3), Signals.Of(cls, hidden));
        long[] kept = [.. Enumerable.Range(0, 36).Select(i => 4L * i)];
        var left = Look(Stage.Decoder(3), Signals.Of(cls, hidden), before: PruningPlan.At(Stage.Projector, new GivenTokens(kept), TokenBudget.All));
        Agreement.Check("attention", left[cls], whole[cls].index_select(-1, tensor(kept)), 0);
        Agreement.Check("features", left[hidden], whole[hidden].index_select(0, tensor(kept)), 0);
    }

    [Fact]
    public void Features_and_text_are_what_flows_at_the_stage()
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name is "decoder.hidden.5" or "projector");
        Signal features = new Signal.Features(), text = new Signal.TextFeatures();
        var seen = Look(Stage.Decoder(5), Signals.Of(features, text), recorder);
        var hidden = recorder["decoder.hidden.5"][0];
        Agreement.Check("hidden states", seen[features], hidden.narrow(0, 2, 144), 0);
        Agreement.Check("text", seen[text], hidden.narrow(0, 146, hidden.shape[0] - 146), 0);
        Agreement.Check("projected", Look(Stage.Projector, Signals.Of(features, text), recorder)[features], recorder["projector"][0], 0);
    }

    [Fact]
    public void Pictures_of_one_prompt_are_pruned_each_for_itself()
    {
        var prompt = model.Vlm.Encode(new Prompt("USER: <image> how <image> many ? ASSISTANT:", [model.Scenes[0].Image, model.Scenes[1].Image]));
        using var prefill = model.Vlm.Prefill([prompt], PruningPlan.At(Stage.Projector, new DivPrune(), 20).Then(Stage.Decoder(2), new FastV(), 10));
        foreach (var span in prompt.Layout.Images)
            Assert.Equal(10, prefill.Alive(9).Count(position => position >= span.Start && position < span.End));
    }
}
