using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class CropQuotasTests
{
    [Fact]
    public void Shares_follow_attention_and_what_is_left_goes_to_the_heaviest()
    {
        using var scope = NewDisposeScope();
        // Five tokens in two crops: three and two. Unrelated tokens do not vary in similarity.
        var quotas = CropQuotas.Of(eye(5), tensor([0.1f, 0.1f, 0.1f, 0.3f, 0.3f]), crops: 2, keep: 3);
        Assert.Equal([3, 2], quotas.Sizes);
        Assert.Equal(0.25, quotas.Weights[0], tolerance: 1e-6);     // mean attention 0.1 beside 0.3
        Assert.Equal([0, 3], quotas.Counts);                        // floor(0.75), floor(2.25), and one more for the heavier
        Assert.Equal([1, 2], quotas.Redistributed(3).Counts);
        Assert.Equal([0, 3, 4], quotas.Redistributed(3).Pick(Ranking.Of(tensor([5f, 1, 1, 1, 2]))));
    }

    [Fact]
    public void The_score_is_attention_and_variation_as_a_plain_loop_has_it() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 8], Gen.ULong).Sample((tokens, crops, seed) =>
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed);
            var features = randn([tokens, 4], generator: random);
            var attention = rand([tokens], generator: random);
            var quotas = CropQuotas.Of(features, attention, crops, tokens, alpha: 0.5);
            Assert.Equal(tokens, quotas.Sizes.Sum());
            for (int crop = 0, start = 0; crop < quotas.Sizes.Length; start += quotas.Sizes[crop++])
            {
                int m = quotas.Sizes[crop];
                if (m == 1) continue;
                double[,] s = new double[m, m];
                for (int i = 0; i < m; i++)
                    for (int j = 0; j < m; j++)
                        s[i, j] = i == j ? 0 : nn.functional.cosine_similarity(features[start + i], features[start + j], 0).item<float>();
                double[] v = [.. Enumerable.Range(0, m).Select(i =>
                {
                    double mean = Enumerable.Range(0, m).Sum(j => s[i, j]) / (m - 1);
                    return Enumerable.Range(0, m).Sum(j => (s[i, j] - mean) * (s[i, j] - mean)) / (m - 1);
                })];
                double[] a = [.. Enumerable.Range(0, m).Select(i => 1000.0 * attention[start + i].item<float>())];
                double gamma = a.Average() / (v.Average() + 1e-6);
                for (int i = 0; i < m; i++) Assert.Equal(a[i] + 0.5 * gamma * v[i], quotas.Scores[start + i], tolerance: 1e-3 * (1 + gamma * v[i]));
            }
        }, iter: 30, threads: 1);

    [Fact]
    public void Redistributed_quotas_meet_the_budget_and_fit() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 20], Gen.ULong).Sample((tokens, crops, seed) =>
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed);
            // Nearly all attention in one place.
            var attention = rand([tokens], generator: random).pow(20);
            for (int keep = 1; keep <= tokens; keep++)
            {
                var quotas = CropQuotas.Of(randn([tokens, 4], generator: random), attention, crops, keep).Redistributed(keep);
                Assert.Equal(keep, quotas.Counts.Sum());
                Assert.All(quotas.Counts.Zip(quotas.Sizes), pair => Assert.InRange(pair.First, 0, pair.Second));
                Assert.Equal(keep, quotas.Pick(Ranking.Of(attention)).Distinct().Count());
            }
        }, iter: 30, threads: 1);

    [Fact]
    public void A_crop_in_several_blocks_scores_as_in_one()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        // 4,000 x 4,000 similarities are twice as many as a block holds.
        var (features, attention) = (randn([4000, 8], generator: random), rand([4000], generator: random));
        float[] scores = CropQuotas.Of(features, attention, crops: 1, keep: 10).Scores;
        var unit = nn.functional.normalize(features, p: 2, dim: 1);
        var similarity = unit.mm(unit.t()) * (1 - eye(4000));
        var variation = (similarity - similarity.sum(1, keepdim: true) / 3999).square().sum(1) / 3999;
        var a = attention * 1000;
        var expected = a + 0.09 * a.mean() / variation.mean() * variation;
        Assert.True((expected - tensor(scores)).abs().max().item<float>() < 0.05);
    }
}
