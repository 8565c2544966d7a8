using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class AdaptInferTests
{
    // What the decoder really computes at the published stages; the paper's own counter says 128.81.
    [Fact]
    public void The_papers_128_tokens_are_146_tokens()
    {
        var plan = MethodCatalogue.Find("adaptinfer").Plan(AdaptInfer.Budgets[128][^1]);
        Assert.Equal([2, 11, 21], plan.Steps.Select(step => step.Stage.Layer));
        Assert.Equal(AdaptInfer.Budgets[128], plan.Steps.Select(step => step.Budget.Resolve(576)));
        Assert.Equal(146.25, plan.VisualTokens(576, 32).Average, tolerance: 1e-9);
    }

    [Fact]
    public void Without_guidance_all_words_count_alike()
    {
        var (guided, alike) = (new AdaptInfer(), new AdaptInfer { Guidance = 0 });
        using var sample = new SampleContext(new TokenGrid(6, 6), guided.Needs, seed: 2);
        using var scope = TorchSharp.torch.NewDisposeScope();
        float[] mean = sample.Signals[new Signal.DecoderAttention(Layer.BeforeStage, Queries.Text)].sum([0, 1]).data<float>().ToArray();
        Assert.Equal(Enumerable.Range(0, 36).OrderByDescending(i => mean[i]).Take(9).Order().Select(i => (long)i), alike.Select(sample.Context(), 9).Kept);
        Assert.NotEqual(alike.Select(sample.Context(), 9).Kept, guided.Select(sample.Context(), 9).Kept);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptInfer { Guidance = -1 });
    }
}
