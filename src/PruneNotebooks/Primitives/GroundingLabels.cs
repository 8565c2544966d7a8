using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What a scorer of visual tokens is trained towards: the box that an instruction means, and the parts of an interface that are not plain surface.</summary>
/// <remarks>
/// <i>FocusUI</i>, arXiv 2601.03928. Patches are merged in blocks of <c>merge x merge</c>, one visual token each. Box and graph are listed block by block in raster order, inside a block row by row.
/// </remarks>
/// <param name="Box">The share of each patch that lies in the box, <c>[merge^2 N]</c>.</param>
/// <param name="Graph">The weight of each patch in the graph of alike neighbours: <c>1 / max(1, ln(c + 1))</c>, c being how many blocks its component has, so that large plain surfaces weigh little, <c>[merge^2 N]</c>.</param>
/// <param name="Labels">The label of each visual token, -1 to 1, <c>[N]</c>.</param>
public sealed record GroundingLabels(float[] Box, float[] Graph, float[] Labels)
{
    /// <summary>The labels of a picture of an interface.</summary>
    /// <param name="pixels">The picture, 0 to 255, <c>[H, W, 3]</c>; whole blocks.</param>
    /// <param name="box">x1, y1, x2, y2 in pixels; as shares of the picture if none exceeds 1. If an end lies before its start, the last two are read as width and height.</param>
    /// <param name="patch">Side of a patch, pixels.</param>
    /// <param name="merge">Patches along the side of a block.</param>
    /// <param name="threshold">Neighbouring blocks are alike if the distance of their pixels (0 to 1, each counted twice, for the two frames of the tower's input) is below.</param>
    /// <param name="boxWeight">Weight of the box.</param>
    /// <param name="graphWeight">Weight of the graph.</param>
    /// <exception cref="ArgumentException">Other shapes, or sizes that are not whole blocks.</exception>
    public static GroundingLabels Of(Tensor pixels, IReadOnlyList<double> box, int patch = 14, int merge = 2, double threshold = 2, double boxWeight = 1, double graphWeight = 0.5)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(box);
        ArgumentOutOfRangeException.ThrowIfLessThan(patch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(merge, 1);
        int block = patch * merge;
        if (pixels.dim() != 3 || pixels.shape[0] % block != 0 || pixels.shape[1] % block != 0 || pixels.NumberOfElements == 0)
            throw new ArgumentException($"A picture is [H, W, 3] in whole blocks of {block} pixels; it is {pixels.Shape()}.", nameof(pixels));
        if (box.Count != 4) throw new ArgumentException($"A box is x1, y1, x2, y2; it has {box.Count} numbers.", nameof(box));
        using var scope = NewDisposeScope();
        var grid = new TokenGrid((int)pixels.shape[0] / block, (int)pixels.shape[1] / block);
        float[] inBox = InBox(PixelBox(box, pixels.shape[1], pixels.shape[0]), grid, patch, merge);
        float[] byBlock = GraphWeights(pixels, grid, block, threshold);
        int perBlock = merge * merge;
        float[] graph = [.. byBlock.SelectMany(weight => Enumerable.Repeat(weight, perBlock))];
        float[] labels = [.. Enumerable.Range(0, grid.Count).Select(token => (float)Enumerable.Range(token * perBlock, perBlock)
            .Average(i => 2 * Math.Clamp(boxWeight * inBox[i] + graphWeight * graph[i], 0, 1) - 1))];
        return new(inBox, graph, labels);
    }

    static (int Left, int Top, int Right, int Bottom) PixelBox(IReadOnlyList<double> box, long width, long height)
    {
        bool shares = box.All(value => value <= 1);
        var (x1, y1, x2, y2) = shares ? (box[0] * width, box[1] * height, box[2] * width, box[3] * height) : (box[0], box[1], box[2], box[3]);
        if (x1 > x2 || y1 > y2) (x2, y2) = (x1 + x2, y1 + y2);
        return (Within(x1, width), Within(y1, height), Within(x2, width), Within(y2, height));

        static int Within(double value, long size) => (int)Math.Clamp(Math.Truncate(value), 0, size);
    }

    // The share of a rectangle is the product of the shares of its sides.
    static float[] InBox((int Left, int Top, int Right, int Bottom) box, TokenGrid grid, int patch, int merge)
    {
        double[] columns = Shares(box.Left, box.Right, grid.Width * merge), rows = Shares(box.Top, box.Bottom, grid.Height * merge);
        return [.. from blockRow in Enumerable.Range(0, grid.Height)
                   from blockColumn in Enumerable.Range(0, grid.Width)
                   from row in Enumerable.Range(blockRow * merge, merge)
                   from column in Enumerable.Range(blockColumn * merge, merge)
                   select (float)(rows[row] * columns[column])];

        double[] Shares(int start, int end, int count) =>
            [.. Enumerable.Range(0, count).Select(i => Math.Max(0, Math.Min(end, (i + 1) * patch) - Math.Max(start, i * patch)) / (double)patch)];
    }

    static float[] GraphWeights(Tensor pixels, TokenGrid grid, int block, double threshold)
    {
        using var scope = NewDisposeScope();
        var blocks = pixels.to_type(ScalarType.Float32).div((255.0).ToCachedScalar()).view(grid.Height, block, grid.Width, block, -1).transpose(1, 2).flatten(2);
        bool[] right = Alike(blocks.narrow(1, 0, grid.Width - 1), blocks.narrow(1, 1, grid.Width - 1));
        bool[] below = Alike(blocks.narrow(0, 0, grid.Height - 1), blocks.narrow(0, 1, grid.Height - 1));
        int[] root = [.. Enumerable.Range(0, grid.Count)], size = [.. Enumerable.Repeat(1, grid.Count)];
        for (int i = 0; i < right.Length; i++)
            if (right[i]) Join(i / (grid.Width - 1) * grid.Width + i % (grid.Width - 1), 1);
        for (int i = 0; i < below.Length; i++)
            if (below[i]) Join(i, grid.Width);
        return [.. Enumerable.Range(0, grid.Count).Select(token => (float)(1 / Math.Max(1, Math.Log(size[Find(token)] + 1))))];

        bool[] Alike(Tensor a, Tensor b) => a.NumberOfElements == 0 ? [] : a.sub(b).pow_(2.ToCachedScalar()).sum(-1).mul_(2.ToCachedScalar()).sqrt_().lt(threshold.ToCachedScalar()).flatten().cpu().data<bool>().ToArray();

        int Find(int token)
        {
            while (root[token] != token) token = root[token] = root[root[token]];
            return token;
        }

        void Join(int token, int step)
        {
            var (a, b) = (Find(token), Find(token + step));
            if (a == b) return;
            (root[b], size[a]) = (a, size[a] + size[b]);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"labels of {Labels.Length} visual tokens, {Labels.Count(label => label > 0)} of them above 0";
}
