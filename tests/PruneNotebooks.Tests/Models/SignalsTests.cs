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
