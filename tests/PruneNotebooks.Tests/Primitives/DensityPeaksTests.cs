using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class DensityPeaksTests
{
    [Fact]
    public void Groups_far_apart_are_clusters_and_their_means()
    {
        using var scope = NewDisposeScope();
        var features = tensor(new float[,] { { 0, 0 }, { 10, 10 }, { 0, 0.1f }, { 10, 10.2f }, { 0, 0.2f } });
        var peaks = DensityPeaks.Of(features, clusters: 2);
        Assert.Equal(peaks.Assignment[0], peaks.Assignment[2]);
        Assert.Equal(peaks.Assignment[0], peaks.Assignment[4]);
        Assert.Equal(peaks.Assignment[1], peaks.Assignment[3]);
        Assert.NotEqual(peaks.Assignment[0], peaks.Assignment[1]);
        var expected = peaks.Assignment[0] == 0 ? new float[,] { { 0, 0.1f }, { 10, 10.1f } } : new float[,] { { 10, 10.1f }, { 0, 0.1f } };
        Assert.True(peaks.Means(features).allclose(tensor(expected)));
    }

    // With one cluster every density is 1: the first token is the densest, and the only centre.
    [Fact]
    public void Of_equally_dense_tokens_the_first_is_denser()
    {
        using var scope = NewDisposeScope();
        var peaks = DensityPeaks.Of(tensor(new float[,] { { 5 }, { 1 }, { 1.5f } }), clusters: 1);
        Assert.Equal([0], peaks.Centres);
        Assert.Equal([4, 4, 0.5f], peaks.Scores);
        Assert.Equal([0, 0, 0], peaks.Assignment);
    }

    [Fact]
    public void Copies_of_one_token_make_clusters_all_the_same()
    {
        using var scope = NewDisposeScope();
        var peaks = DensityPeaks.Of(ones(4, 3), clusters: 3);
        Assert.Equal([0, 1, 2], peaks.Centres);
        Assert.Equal([0, 1, 2, 0], peaks.Assignment);
    }

    // Fixed seeds: a near tie that float32 sees and float64 does not would be no error.
    [Fact]
    public void The_plain_definition_gives_the_same()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed);
            int count = 1 + (int)(7 * seed % 24), clusters = 1 + (int)(seed % (ulong)count);
            var features = randn(count, 6, generator: generator);
            var (peaks, plain) = (DensityPeaks.Of(features, clusters), Plain(features, clusters));
            Assert.Equal(plain.Centres, peaks.Centres);
            Assert.Equal(plain.Assignment, peaks.Assignment);
        }
    }

    // Pair by pair, in double precision: random features have no ties but those of equal densities, which the order decides.
    static (long[] Centres, long[] Assignment) Plain(Tensor features, int clusters)
    {
        int count = (int)features.shape[0];
        float[] x = features.data<float>().ToArray();
        double[,] distance = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                distance[i, j] = Math.Sqrt(Enumerable.Range(0, 6).Sum(k => ((double)x[i * 6 + k] - x[j * 6 + k]) * ((double)x[i * 6 + k] - x[j * 6 + k])) / 6);
        double[] density = [.. Enumerable.Range(0, count).Select(i => Math.Exp(-Enumerable.Range(0, count).Select(j => distance[i, j] * distance[i, j]).Order().Take(clusters).Average()))];
        // Up to rounding: mutual nearest neighbours are equally dense.
        bool Denser(int a, int b) => Math.Abs(density[a] - density[b]) < 1e-7 ? a < b : density[a] > density[b];
        double[] score = [.. Enumerable.Range(0, count).Select(i => density[i]
            * Enumerable.Range(0, count).Where(j => Denser(j, i)).Select(j => distance[i, j]).DefaultIfEmpty(distance.Cast<double>().Max()).Min())];
        long[] centres = [.. Enumerable.Range(0, count).OrderByDescending(i => Math.Round(score[i], 6)).Take(clusters).Select(i => (long)i)];
        long[] assignment = [.. Enumerable.Range(0, count).Select(i => Array.IndexOf(centres, i) is >= 0 and var own ? own : (long)Enumerable.Range(0, clusters).MinBy(c => distance[i, centres[c]]))];
        return (centres, assignment);
    }

    [Fact]
    public void Distances_do_not_depend_on_blocks_and_are_symmetric_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(9);
        var rows = randn(37, 50, generator: generator).mul(1000);
        float[,] whole = All(bytes: 1 << 20), blocks = All(bytes: 5 * 37 * sizeof(float));
        Assert.Equal(whole, blocks);
        for (int i = 0; i < 37; i++)
            for (int j = 0; j < 37; j++)
                Assert.Equal(i == j ? 0 : whole[j, i], whole[i, j]);

        float[,] All(long bytes)
        {
            using var distances = new BlockedDistances(rows, bytes);
            float[,] table = new float[37, 37];
            distances.ForEach((start, block) =>
            {
                float[] values = block.cpu().contiguous().data<float>().ToArray();
                for (int i = 0; i < values.Length; i++) table[start + i / 37, i % 37] = values[i];
            });
            Assert.Equal(table, distances.To([.. Enumerable.Range(0, 37).Select(i => (long)i)]));
            return table;
        }
    }

    [Fact]
    public void More_clusters_than_tokens_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("3 tokens make 1 to 3 clusters", Assert.Throws<ArgumentOutOfRangeException>(() => DensityPeaks.Of(zeros(3, 2), 4)).Message, StringComparison.Ordinal);
    }
}
