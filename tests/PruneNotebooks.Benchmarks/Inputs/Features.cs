using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Inputs;

/// <summary>Visual tokens, float32 <c>[N, D]</c>.</summary>
internal static class Features
{
    /// <summary>The tokens of a photograph: what the embedded model makes of tiles of it, turned into a wider space so that all cosines stay what they are.</summary>
    /// <param name="grid">Rows and columns of tokens; whole tiles.</param>
    /// <param name="width">D.</param>
    public static Tensor OfPhotograph(TokenGrid grid, int width)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var model = Vlm.Load("scene-llava", CPU);
        var (side, pixels) = (model.Config.Vision.GridSide, model.Config.Vision.ImageSize);
        var photograph = RgbImage.Load(Path.Combine(Repository.Root, "data/images/temple.jpg"));
        var tiles = new TokenGrid(grid.Height / side, grid.Width / side);
        var hidden = model.Tower.Embed(model.Processor.Process([.. Enumerable.Range(0, tiles.Count).Select(i => Crop(photograph, tiles.Column(i) * pixels, tiles.Row(i) * pixels, pixels))]));
        for (int block = 0; block < model.Config.Vision.Layers - 1; block++) hidden = model.Tower.Forward(block, hidden);
        var tokens = model.Projector.Forward(hidden.narrow(1, 1, side * side));
        var raster = tokens.view(tiles.Height, tiles.Width, side, side, -1).transpose(1, 2).reshape(grid.Count, -1);
        using var random = new Generator(2, CPU);
        var (wider, _) = linalg.qr(randn([width, raster.shape[1]], ScalarType.Float32, generator: random));
        return raster.matmul(wider.t()).MoveToOuterDisposeScope();
    }

    /// <summary>Every token on its own: the hardest case for a method that compares tokens.</summary>
    public static Tensor Unrelated(int tokens, int width)
    {
        using var random = new Generator(3, CPU);
        return randn([tokens, width], ScalarType.Float32, generator: random);
    }

    static RgbImage Crop(RgbImage image, int left, int top, int side)
    {
        byte[] pixels = new byte[side * side * 3];
        for (int row = 0; row < side; row++)
            image.Pixels.Span.Slice(((top + row) * image.Width + left) * 3, side * 3).CopyTo(pixels.AsSpan(row * side * 3));
        return new RgbImage(side, side, pixels);
    }
}
