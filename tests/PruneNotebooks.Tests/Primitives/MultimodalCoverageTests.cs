using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class MultimodalCoverageTests
{
    [Fact]
    public void Gains_are_those_of_the_sums_written_out_and_never_increase() => Gen.Select(Gen.Int[2, 40], Gen.Int[0, 5], Gen.ULong).Sample((tokens, words, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        Tensor x = randn([tokens, 6], generator: generator), v = randn([tokens, 5], generator: generator), z = randn([words, 6], generator: generator);
        var coverage = MultimodalCoverage.Choose(x, v, z, tokens / 2);
        var table = 0.5 * (Unit(v).matmul(Unit(v).t()) / 0.2).softmax(1) / tokens;
        if (words > 0) table = cat([(Unit(z).matmul(Unit(x).t()) / 0.02).softmax(1) / words, table]);
        var best = zeros(table.shape[0], ScalarType.Float64);
        for (int k = 0; k < coverage.Order.Length; k++)
        {
            var gain = (table - best.unsqueeze(1)).clamp_min(0).sum(dim: 0);
            Assert.Equal(gain.max().item<double>(), coverage.Gains[k], tolerance: 1e-5);
            Assert.Equal(gain[coverage.Order[k]].item<double>(), coverage.Gains[k], tolerance: 1e-5);
            if (k > 0) Assert.True(coverage.Gains[k] <= coverage.Gains[k - 1] + 1e-9);
            best = maximum(best, table.select(1, coverage.Order[k]));
        }
    }, iter: 40, threads: 1);

    [Fact]
    public void Without_a_table_the_choice_is_the_same()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        Tensor x = randn([300, 16], generator: generator), v = randn([300, 16], generator: generator), z = randn([4, 16], generator: generator);
        var (table, rows) = (MultimodalCoverage.Choose(x, v, z, 60), MultimodalCoverage.Choose(x, v, z, 60, 0.5, 0.02, 0.2, excluded: null, tableSize: 0));
        Assert.Equal(table.Order, rows.Order);
        Assert.Equal(60, table.Order.Distinct().Count());
    }

    [Fact]
    public void Length_of_a_token_means_nothing_and_another_question_chooses_others()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        Tensor x = randn([50, 16], generator: generator), v = randn([50, 16], generator: generator), z = randn([2, 16], generator: generator);
        var scale = 1 + 9 * rand([50, 1], generator: generator);
        Assert.Equal(MultimodalCoverage.Choose(x, v, z, 9).Order, MultimodalCoverage.Choose(x * scale, v * scale, z, 9).Order);
        Assert.NotEqual(MultimodalCoverage.Choose(x, v, z, 9).Order.Order(), MultimodalCoverage.Choose(x, v, -z, 9).Order.Order());
        Assert.DoesNotContain(MultimodalCoverage.Choose(x, v, z, 9, excluded: [3, 4, 5]).Order, token => token is 3 or 4 or 5);
    }

    static Tensor Unit(Tensor rows) => rows.to_type(ScalarType.Float64) / rows.to_type(ScalarType.Float64).norm(1, keepdim: true);
}
