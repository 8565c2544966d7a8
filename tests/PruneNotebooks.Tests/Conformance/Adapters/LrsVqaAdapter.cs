using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class LrsVqaAdapter
{
    [Adapter("lrs-vqa", "pyramid")]
    static Outputs Pyramid(GoldenCase golden)
    {
        Outputs outputs = [];
        for (int i = 0; golden.Has($"size{i}"); i++)
        {
            int[] size = golden.Ints($"size{i}");
            var levels = ImagePyramid.Levels(size[0], size[1], golden.Int("block"), golden.Int("base_long_side"));
            outputs.Add($"levels{i}", tensor([.. levels.SelectMany(level => (long[])[level.Height, level.Width, level.PaddedHeight, level.PaddedWidth, level.Tiles.Height, level.Tiles.Width])], [levels.Count, 6]));
        }
        return outputs;
    }

    [Adapter("lrs-vqa", "select_ratio")]
    static Outputs SelectRatio(GoldenCase golden) => new() { { "keep", RegionFocus.TopShare(Scores(golden), Grid(golden), golden.Double("ratio"), Valid(golden)) } };

    [Adapter("lrs-vqa", "select_threshold")]
    static Outputs SelectThreshold(GoldenCase golden)
    {
        double[] quantiles = golden.Numbers("quantiles");
        return new() { { "keep", RegionFocus.AboveThreshold(Scores(golden), golden.Double("threshold"), Valid(golden), quantiles[0], quantiles[1]) } };
    }

    [Adapter("lrs-vqa", "select_tiles")]
    static Outputs SelectTiles(GoldenCase golden)
    {
        int[] tiles = golden.Ints("tiles");
        long[] kept = RegionFocus.TopShare(Scores(golden), Grid(golden), golden.Double("ratio"), Valid(golden));
        var pointed = RegionFocus.Tiles(kept, Grid(golden), new TokenGrid(tiles[0], tiles[1]));
        return new() { { "keep", kept }, { "tiles", tensor([.. pointed.SelectMany(tile => (long[])[tile.Row, tile.Column])], [pointed.Length, 2]) } };
    }

    // The module's attention as our decoder computes it, over all that the token sees, then the shares of the local tokens.
    [Adapter("lrs-vqa", "rfm_scores")]
    static Outputs RegionFocusScores(GoldenCase golden)
    {
        var (hidden, query) = (golden["hidden"].unsqueeze(0), golden.Int("query_index"));
        using var rotary = new RotaryEmbedding(new RopeConfig { Type = "default", Theta = golden.Double("rope_theta"), OriginalMaxPositions = (int)hidden.shape[1] }, golden.Int("head_dim"));
        using var rotation = rotary.At(arange(hidden.shape[1], ScalarType.Int64).unsqueeze(0), ScalarType.Float32);
        var q = rotation.Turn(Attention.SplitHeads(hidden.matmul(golden["wq"].t()), golden.Int("heads"))).squeeze(0);
        var k = rotation.Turn(Attention.SplitHeads(hidden.matmul(golden["wk"].t()), golden.Int("kv_heads"))).squeeze(0);
        var seen = Attention.Weights(q.narrow(1, query, 1), k, tensor([(long)query])).select(1, 0);
        return new() { { "scores", RegionFocus.Shares(seen.narrow(1, golden.Int("image_start") + golden.Int("global_tokens"), golden.Int("local_tokens"))) } };
    }

    static Tensor Scores(GoldenCase golden) => golden["text_to_vision"].flatten();

    static TokenGrid Grid(GoldenCase golden)
    {
        int[] grid = golden.Ints("grid");
        return new(grid[0], grid[1]);
    }

    static bool[]? Valid(GoldenCase golden) => golden.Has("mask") ? [.. golden.Ints("mask").Select(valid => valid == 1)] : null;
}
