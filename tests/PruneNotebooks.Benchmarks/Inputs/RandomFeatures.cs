using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Inputs;

/// <summary>Visual tokens drawn at random, float32 <c>[N, D]</c>.</summary>
internal static class RandomFeatures
{
    /// <summary>As those of a picture: patches of a region resemble each other.</summary>
    /// <param name="grid">Where the tokens lie.</param>
    /// <param name="width">D.</param>
    public static Tensor OfPicture(TokenGrid grid, int width)
    {
        const int regions = 24;
        using var scope = NewDisposeScope();
        using var random = new Generator(2, CPU);
        var extent = tensor(new float[] { grid.Height, grid.Width });
        var middles = rand([regions, 2], ScalarType.Float32, generator: random) * extent;
        var region = cdist(grid.Coordinates().to(ScalarType.Float32), middles).argmin(1);
        var look = randn([regions, width], ScalarType.Float32, generator: random).index_select(0, region);
        return look.add_(Unrelated(grid.Count, width).mul_(0.7.ToCachedScalar())).MoveToOuterDisposeScope();
    }

    /// <summary>Every token on its own: the hardest case for a method that compares tokens.</summary>
    public static Tensor Unrelated(int tokens, int width)
    {
        using var random = new Generator(3, CPU);
        return randn([tokens, width], ScalarType.Float32, generator: random);
    }
}
