using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class BackProjectionTests
{
    static readonly double[,] Camera = { { 10, 0, 1.5 }, { 0, 20, 1.5 }, { 0, 0, 1 } };

    [Fact]
    public void A_wall_that_faces_the_camera_is_a_grid()
    {
        using var scope = NewDisposeScope();
        // Patches of 2 x 2 pixels have their middle half a pixel behind the first: at -1 and +1 from the camera's axis. The fifth column is cut off.
        var centres = BackProjection.PatchCentres(full(1, 4, 5, 2.0f), tensor(Camera), null, 2);
        Assert.Equal([1, 4, 3], centres.shape);
        Assert.True(centres[0].allclose(tensor(new[,] { { -0.2f, -0.1f, 2 }, { 0.2f, -0.1f, 2 }, { -0.2f, 0.1f, 2 }, { 0.2f, 0.1f, 2 } })));
    }

    [Fact]
    public void A_pose_moves_all_points_and_no_distance()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var depth = rand([1, 8, 8], generator: generator) + 1;
        var pose = eye(4).unsqueeze(0);
        pose[0, 0, 0] = 0.6; pose[0, 0, 2] = 0.8; pose[0, 2, 0] = -0.8; pose[0, 2, 2] = 0.6; pose[0, 1, 3] = 5;
        var (here, there) = (BackProjection.PatchCentres(depth, tensor(Camera), null, 2)[0], BackProjection.PatchCentres(depth, tensor(Camera), pose, 2)[0]);
        Assert.True(there.allclose(here.matmul(pose[0].narrow(0, 0, 3).narrow(1, 0, 3).t()) + tensor(new[] { 0f, 5, 0 }), atol: 1e-5));
        Assert.True(cdist(here, here).allclose(cdist(there, there), atol: 1e-4));
    }

    [Fact]
    public void A_depth_that_is_not_finite_is_refused_with_its_patch()
    {
        using var depth = ones(1, 4, 4);
        depth[0, 3, 0] = float.NaN;
        using var camera = tensor(Camera);
        Assert.Contains("token 2", Assert.Throws<ArgumentException>(() => BackProjection.PatchCentres(depth, camera, null, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 4 pixels", Assert.Throws<ArgumentOutOfRangeException>(() => BackProjection.PatchCentres(depth, camera, null, 5)).Message, StringComparison.Ordinal);
    }
}
