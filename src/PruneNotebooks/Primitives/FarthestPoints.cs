using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Farthest-point sampling by a mix of two distances: how far apart tokens are in space, and how different their features are.</summary>
/// <remarks>
/// <para>
/// <i>SeGPruner</i>, arXiv 2603.29437: <c>g(i, j) = w |c_i - c_j| / d + (1 - w) (1 - cos(f_i, f_j))</c>. The unit of length d is the distance from the first chosen token to the one farthest
/// from it in space, fixed for the whole run: later distances may exceed 1.
/// </para>
/// <para>
/// Each choice is the token farthest from all chosen before it. Distances to the chosen only shrink, so that tokens which were the farthest at some moment can be compared among each other
/// as long as the best of them stays farther than all others were: choices are made inside a small pool, and all tokens meet the chosen ones in batches, as matrix products.
/// O(N K D), one copy of the candidates' features, N x 128 numbers.
/// </para>
/// </remarks>
public static class FarthestPoints
{
    const int PoolSize = 128;

    /// <summary>Chooses <paramref name="count"/> of the candidates, beginning with the first of them; equal distances: the one that comes first.</summary>
    /// <param name="features">Float <c>[N, D]</c>, finite; a token of zeros is as far from all as one at a right angle.</param>
    /// <param name="points">Places in space, float <c>[N, 3]</c> (or another number of dimensions), finite, in any unit.</param>
    /// <param name="candidates">Which tokens can be chosen, each once.</param>
    /// <param name="count">How many, 0 to the number of candidates.</param>
    /// <param name="spatialWeight">The weight w of distance in space, 0 to 1.</param>
    /// <returns>The chosen tokens in the order of choice.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static long[] Choose(Tensor features, Tensor points, IReadOnlyList<long> candidates, int count, double spatialWeight)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(candidates);
        if (features.dim() != 2) throw new ArgumentException($"Features are [N, D]; they are {features.Shape()}.", nameof(features));
        if (points.dim() != 2 || points.shape[0] != features.shape[0]) throw new ArgumentException($"{features.shape[0]} tokens need points [{features.shape[0]}, 3]; they are {points.Shape()}.", nameof(points));
        if (count < 0 || count > candidates.Count) throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {candidates.Count} candidates cannot be chosen.");
        if (spatialWeight is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(spatialWeight), spatialWeight, $"The weight of distance in space is 0 to 1; it was {spatialWeight}.");
        if (count == 0) return [];
        FiniteTokens.Check(points, 0, nameof(points));
        using var scope = NewDisposeScope();
        var index = tensor([.. candidates], ScalarType.Int64, features.device);
        var unit = features.index_select(0, index).to_type(ScalarType.Float32);
        // A norm is finite if its token is: no second look at the features.
        var norms = linalg.vector_norm(features.to_type(ScalarType.Float32), dims: [1], keepdim: true);
        if (!norms.isfinite().all().item<bool>()) FiniteTokens.Check(features, 0, nameof(features));
        unit.div_(norms.index_select(0, index).clamp_min_(1e-12.ToCachedScalar()));
        var mixed = new MixedDistance(unit, points.to(features.device).index_select(0, index).to_type(ScalarType.Float32), spatialWeight);
        return [.. new Search(mixed, candidates.Count, count).Order().Select(candidate => candidates[candidate])];
    }

    // g between candidates, which are named by their place in the list.
    sealed class MixedDistance
    {
        readonly Tensor unit, points, length;
        readonly double weight;

        public MixedDistance(Tensor unit, Tensor points, double weight)
        {
            (this.unit, this.points, this.weight) = (unit, points, weight);
            var farthest = InSpace(points, points.narrow(0, 0, 1)).max();
            length = where(farthest.gt(0.ToCachedScalar()), farthest, ones_like(farthest));
        }

        public Device Device => unit.device;

        /// <summary>From all candidates to some, <c>[N, S]</c>.</summary>
        public Tensor ToAll(Tensor some) => Between(unit, points, unit.index_select(0, some), points.index_select(0, some));

        /// <summary>Among some, <c>[S, S]</c>.</summary>
        public Tensor Among(Tensor some)
        {
            var (features, places) = (unit.index_select(0, some), points.index_select(0, some));
            return Between(features, places, features, places);
        }

        Tensor Between(Tensor features, Tensor places, Tensor otherFeatures, Tensor otherPlaces)
        {
            var different = features.matmul(otherFeatures.t()).neg_().add_(1.ToCachedScalar()).mul_((1 - weight).ToCachedScalar());
            return different.add_(InSpace(places, otherPlaces).mul_(weight.ToCachedScalar()).div_(length)).clamp_min_(0.ToCachedScalar());
        }

        // By explicit differences: places on a plane are equally far apart to the bit, and then the order decides.
        static Tensor InSpace(Tensor a, Tensor b)
        {
            var square = zeros(a.shape[0], b.shape[0], ScalarType.Float32, a.device);
            for (int axis = 0; axis < a.shape[1]; axis++)
            {
                using var scope = NewDisposeScope();
                square.add_(a.select(1, axis).unsqueeze(1).sub(b.select(1, axis).unsqueeze(0)).pow_(2.ToCachedScalar()));
            }
            return square.sqrt_();
        }
    }

    sealed class Search(MixedDistance distance, int candidates, int count)
    {
        readonly List<int> order = [0];
        readonly bool[] chosen = new bool[candidates];

        public List<int> Order()
        {
            chosen[0] = true;
            var nearest = full(candidates, double.PositiveInfinity.ToCachedScalar(), ScalarType.Float32, distance.Device);
            for (int met = 0; order.Count < count;)
            {
                using var scope = NewDisposeScope();
                var fresh = Places(order.Skip(met));
                nearest.copy_(minimum(nearest, distance.ToAll(fresh).amin([1])));
                met = order.Count;
                ChooseFromPool(nearest.cpu().data<float>().ToArray());
            }
            return order;
        }

        void ChooseFromPool(float[] nearest)
        {
            // Farthest first, equals in their order: distances are not negative, so their bits are in the order of their values.
            ulong[] keys = [.. Enumerable.Range(0, candidates).Where(i => !chosen[i]).Select(i => ((ulong)~BitConverter.SingleToUInt32Bits(nearest[i]) << 32) | (uint)i)];
            Array.Sort(keys);
            int size = Math.Min(PoolSize, keys.Length);
            float outside = size < keys.Length ? nearest[(uint)keys[size]] : -1;
            int[] pool = [.. keys.Take(size).Select(key => (int)(uint)key).Order()];
            float[] reach = [.. pool.Select(i => nearest[i])];
            float[] among = distance.Among(Places(pool)).cpu().contiguous().data<float>().ToArray();
            while (order.Count < count)
            {
                int best = Array.IndexOf(reach, reach.Max());
                // Equals outside come behind those inside that were never nearer; behind any other they may not.
                if (reach[best] < 0 || reach[best] < outside || (reach[best] == outside && reach[best] != nearest[pool[best]])) return;
                order.Add(pool[best]);
                chosen[pool[best]] = true;
                var row = among.AsSpan(best * size, size);
                for (int i = 0; i < size; i++) reach[i] = Math.Min(reach[i], row[i]);
                reach[best] = -1;
            }
        }

        Tensor Places(IEnumerable<int> places) => tensor([.. places.Select(i => (long)i)], ScalarType.Int64, distance.Device);
    }
}
