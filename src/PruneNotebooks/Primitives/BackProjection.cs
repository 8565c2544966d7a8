using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>From depth maps to points in space: where the patches of a view are, through a pinhole camera.</summary>
/// <remarks><i>SeGPruner</i>, arXiv 2603.29437: <c>X = (u - cx) / fx z</c>, <c>Y = (v - cy) / fy z</c>, <c>Z = z</c>, then camera to world; u is the column and v the row of a pixel, without half a pixel's offset.</remarks>
public static class BackProjection
{
    /// <summary>The centre of each patch: the mean of the points that its pixels show.</summary>
    /// <remarks>
    /// Pixels without depth (0) count as points at the camera, as in the authors' code. What does not fill a patch at the right and at the bottom is cut off; the intrinsics stay.
    /// A change of place and direction commutes with a mean, so it is made of patches rather than of pixels. O(V H W).
    /// </remarks>
    /// <param name="depth">Depth along the camera's axis, metres, float <c>[V, H, W]</c>.</param>
    /// <param name="intrinsic">The camera of all views, <c>[3, 3]</c> or larger: fx, fy, cx, cy in pixels at [0, 0], [1, 1], [0, 2], [1, 2].</param>
    /// <param name="pose">Camera to world of each view, <c>[V, 4, 4]</c>; <see langword="null"/> leaves points in the frame of their camera, which is enough within a view.</param>
    /// <param name="patch">Side of a patch, pixels.</param>
    /// <returns>Float32 <c>[V, P, 3]</c>, P = floor(H / patch) floor(W / patch) patches row by row.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a view is smaller than a patch, or a depth is not finite; the message names the patch as a token.</exception>
    public static Tensor PatchCentres(Tensor depth, Tensor intrinsic, Tensor? pose, int patch)
    {
        ArgumentNullException.ThrowIfNull(depth);
        ArgumentNullException.ThrowIfNull(intrinsic);
        if (depth.dim() != 3) throw new ArgumentException($"Depth maps are [V, H, W]; they are {depth.Shape()}.", nameof(depth));
        if (intrinsic.dim() != 2 || intrinsic.shape[0] < 2 || intrinsic.shape[1] < 3) throw new ArgumentException($"Intrinsics are [3, 3] or [4, 4]; they are {intrinsic.Shape()}.", nameof(intrinsic));
        var (views, height, width) = (depth.shape[0], depth.shape[1], depth.shape[2]);
        if (pose is not null && !pose.shape.SequenceEqual([views, 4L, 4L])) throw new ArgumentException($"{views} views need poses [{views}, 4, 4]; they are {pose.Shape()}.", nameof(pose));
        if (patch < 1 || height < patch || width < patch) throw new ArgumentOutOfRangeException(nameof(patch), patch, $"A patch is 1 to {Math.Min(height, width)} pixels wide in views of {height} x {width}.");
        using var scope = NewDisposeScope();
        var (rows, columns) = (height / patch, width / patch);
        double[] camera = intrinsic.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        int stride = (int)intrinsic.shape[1];
        var z = depth.narrow(1, 0, rows * patch).narrow(2, 0, columns * patch).to_type(ScalarType.Float64);
        var x = z.mul(Ray(columns * patch, focal: camera[0], centre: camera[2]));
        var y = z.mul(Ray(rows * patch, focal: camera[stride + 1], centre: camera[stride + 2]).unsqueeze(1));
        var points = stack([x, y, z], 1).view(views, 3, rows, patch, columns, patch).mean([3, 5]).flatten(2);
        FiniteTokens.Check(points, 2, nameof(depth));
        if (pose is not null)
        {
            var world = pose.to_type(ScalarType.Float64).to(depth.device);
            points = world.narrow(1, 0, 3).narrow(2, 0, 3).matmul(points).add_(world.narrow(1, 0, 3).narrow(2, 3, 1));
        }
        return points.transpose(1, 2).to_type(ScalarType.Float32).contiguous().MoveToOuterDisposeScope();

        Tensor Ray(long length, double focal, double centre) => tensor([.. Enumerable.Range(0, (int)length).Select(pixel => (pixel - centre) / focal)], ScalarType.Float64, depth.device);
    }
}
