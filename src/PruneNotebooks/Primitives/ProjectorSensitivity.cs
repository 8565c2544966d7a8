using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How strongly a projector responds when a token is moved a little: a zeroth-order estimate of the mean size of its directional derivatives, <c>E_u ||J(x) u||</c> (ZOO-Prune, arXiv 2509.24837).</summary>
public static class ProjectorSensitivity
{
    const long BlockBytes = 32L << 20;

    /// <summary>Random directions that a seed decides, standard normal, float32 <c>[M, D]</c>, the same on every device.</summary>
    public static Tensor Directions(int count, long width, long seed, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        return randn([count, width], ScalarType.Float32, generator: generator).to(device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <summary><c>mean over u of ||P(x + h u) - P(x - h u)|| / 2h</c>, all tokens moved along the same directions.</summary>
    /// <remarks>2 M N passes through the projector, in blocks of tokens.</remarks>
    /// <param name="tower">Tokens before the projector, float <c>[N, Dv]</c>, finite. The projector gets them in their type; with half precision steps as small as the default are lost.</param>
    /// <param name="projector">From <c>[..., Dv]</c> to <c>[..., D]</c>.</param>
    /// <param name="directions"><c>[M, Dv]</c>; their lengths do not matter.</param>
    /// <param name="step">How far tokens are moved, h, above 0.</param>
    /// <returns>Float32 <c>[N]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static Tensor Of(Tensor tower, Func<Tensor, Tensor> projector, Tensor directions, double step = 0.01)
    {
        ArgumentNullException.ThrowIfNull(tower);
        ArgumentNullException.ThrowIfNull(projector);
        ArgumentNullException.ThrowIfNull(directions);
        if (!(step > 0)) throw new ArgumentOutOfRangeException(nameof(step), step, FormattableString.Invariant($"Tokens are moved by more than 0; the step was {step}."));
        if (tower.dim() != 2 || directions.dim() != 2 || directions.shape[0] == 0 || directions.shape[1] != tower.shape[1])
            throw new ArgumentException($"Tokens are [N, Dv] and directions [M, Dv]; they are {tower.Shape()} and {directions.Shape()}.", nameof(directions));
        FiniteTokens.Check(tower, 0, nameof(tower));
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        long tokens = tower.shape[0], count = directions.shape[0];
        var unit = directions.to_type(ScalarType.Float32).div(linalg.vector_norm(directions.to_type(ScalarType.Float32), dims: [1], keepdim: true).add(1e-12.ToCachedScalar()));
        var moves = unit.mul(step.ToCachedScalar()).to_type(tower.dtype).unsqueeze(0);
        var sensitivity = empty(tokens, ScalarType.Float32, tower.device);
        long block = Math.Max(1, BlockBytes / sizeof(float) / (2 * count * tower.shape[1]));
        for (long start = 0; start < tokens; start += block)
        {
            using var inner = NewDisposeScope();
            long length = Math.Min(block, tokens - start);
            var x = tower.narrow(0, start, length).unsqueeze(1);
            var response = projector(x + moves).sub_(projector(x - moves));
            var size = linalg.vector_norm(response.to_type(ScalarType.Float32), dims: [-1]).mean([1], type: ScalarType.Float64);
            sensitivity.narrow(0, start, length).copy_(size.div_((2 * step).ToCachedScalar()));
        }
        return sensitivity.MoveToOuterDisposeScope();
    }
}
