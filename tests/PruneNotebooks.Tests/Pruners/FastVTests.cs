using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class FastVTests
{
    [Fact]
    public void The_code_reads_the_last_token_and_the_papers_text_all_tokens()
    {
        Assert.Equal([new Signal.DecoderAttention(Layer.BeforeStage, Queries.LastToken)], new FastV().Needs);
        Assert.Equal([new Signal.DecoderAttentionReceived(Layer.BeforeStage, Queries.All)], new FastV { Query = Queries.All }.Needs);
    }

    [Fact]
    public void The_tokens_with_the_highest_mean_over_heads_stay()
    {
        foreach (var query in new[] { Queries.LastToken, Queries.All })
        {
            var method = new FastV { Query = query };
            using var sample = new SampleContext(new TokenGrid(4, 5), method.Needs, seed: 3);
            var attention = sample.Signals[method.Needs.Single()];
            using var scope = TorchSharp.torch.NewDisposeScope();
            float[] mean = attention.reshape(-1, 20).mean([0]).data<float>().ToArray();
            Assert.Equal(Enumerable.Range(0, 20).OrderByDescending(i => mean[i]).Take(6).Order().Select(i => (long)i), method.Select(sample.Context(), 6).Kept);
        }
    }
}
