using static TorchSharp.torch;

namespace PruneNotebooks.Scenes;

/// <summary>Objects of a drawn picture on the token grid: the masks that methods of segmentation look at.</summary>
public static class SceneMasks
{
    /// <summary>Which patches show which object of a scene, as <c>Signal.ObjectMasks</c> wants it.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="patchSize">Side of a patch in pixels, a divisor of 96; 8 for scene-llava.</param>
    /// <param name="atLeast">The share of a patch that an object must cover; a single pixel is enough for 0.</param>
    /// <returns>Float32 <c>[objects, N]</c>, 0 or 1. An object that covers no patch that far has the one of its middle.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patchSize"/> does not divide 96, or the share is not 0 to 1.</exception>
    public static Tensor ObjectMasks(this Scene scene, int patchSize, double atLeast = 0)
    {
        ArgumentNullException.ThrowIfNull(scene);
        if (patchSize < 1 || Scene.Size % patchSize != 0) throw new ArgumentOutOfRangeException(nameof(patchSize), patchSize, $"A divisor of {Scene.Size} is expected: patches must fill the picture.");
        if (atLeast is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(atLeast), atLeast, $"A share is 0 to 1; it was {atLeast}.");
        int side = Scene.Size / patchSize, count = scene.Objects.Count;
        int[,] covered = new int[count, side * side];
        for (int pixel = 0; pixel < scene.Owners.Length; pixel++)
            if (scene.Owners[pixel] is var owner && owner >= 0 && owner < count)
                covered[owner, pixel / Scene.Size / patchSize * side + pixel % Scene.Size / patchSize]++;
        float[,] masks = new float[count, side * side];
        for (int thing = 0; thing < count; thing++)
        {
            var o = scene.Objects[thing];
            masks[thing, o.CentreY / patchSize * side + o.CentreX / patchSize] = 1;
            bool any = false;
            for (int patch = 0; patch < side * side; patch++) any |= Shows(thing, patch);
            for (int patch = 0; patch < side * side && any; patch++) masks[thing, patch] = Shows(thing, patch) ? 1 : 0;
        }
        return tensor(masks);

        bool Shows(int thing, int patch) => covered[thing, patch] > 0 && covered[thing, patch] >= atLeast * patchSize * patchSize;
    }
}
