using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Tokens that join another token each: who merges into whom, and what becomes of the features.</summary>
/// <param name="Targets">The tokens that the others join, <c>[C]</c>.</param>
/// <param name="Members">The tokens that join one, <c>[M]</c>.</param>
/// <param name="Assignment">For each member the place of its target in <paramref name="Targets"/>.</param>
/// <remarks>Cost: O(C M D) to find the nearest, O(M D) to merge. Memory: the blocks of <see cref="CosineRows"/> and the members' features once.</remarks>
public sealed record TokenGroups(long[] Targets, long[] Members, long[] Assignment)
{
    /// <summary>Each member joins the target of the largest cosine similarity; equal ones: the first.</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>; in float32.</param>
    /// <param name="targets">Tokens that may be joined.</param>
    /// <param name="members">Tokens that join; none may if there is no target.</param>
    /// <exception cref="ArgumentException">A token is not finite; the message names it.</exception>
    public static TokenGroups Nearest(Tensor metric, IReadOnlyList<long> targets, IReadOnlyList<long> members)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(members);
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(metric, zeros: true);
        if (members.Count > 0 && targets.Count == 0) throw new ArgumentException($"{members.Count} tokens have no target to join.", nameof(targets));
        if (members.Count == 0) return new([.. targets], [], []);
        var (_, nearest) = rows.MostSimilar(Index(members, metric.device), Index(targets, metric.device));
        var places = targets.Index().ToDictionary(target => target.Item, target => (long)target.Index);
        return new([.. targets], [.. members], Array.ConvertAll(nearest.cpu().data<long>().ToArray(), token => places[token]));
    }

    /// <summary>Targets at even steps through a list of tokens, which the others of the list join by similarity: VisionZip's contextual tokens (arXiv 2412.04467).</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>.</param>
    /// <param name="list">Tokens, ascending.</param>
    /// <param name="count">How many targets: places 0, s, 2 s ... of the list with <c>s = floor(M / count)</c>; what lies behind the last step is no target. With none, nothing joins.</param>
    public static TokenGroups EvenlySpaced(Tensor metric, IReadOnlyList<long> list, int count)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (count < 0 || count > list.Count) throw new ArgumentOutOfRangeException(nameof(count), count, $"Of {list.Count} tokens {count} cannot be targets.");
        int step = list.Count / Math.Max(1, count);
        long[] targets = [.. Enumerable.Range(0, count).Select(i => list[i * step])];
        return Nearest(metric, targets, count == 0 ? [] : [.. list.Except(targets)]);
    }

    /// <summary>The sum of each target and its members.</summary>
    /// <param name="features">Float <c>[N, D]</c>; not changed.</param>
    /// <param name="ownWeight">How much a target counts beside a member.</param>
    /// <param name="sizes">How many tokens each token stands for, float <c>[N]</c>; ones if not given.</param>
    /// <returns>Float32 <c>[C, D]</c>.</returns>
    public Tensor Sum(Tensor features, double ownWeight = 1, Tensor? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        Tensor own = Rows(features, Targets), joined = Rows(features, Members);
        if (sizes is not null)
        {
            var weights = sizes.reshape(-1, 1);
            (own, joined) = (own.mul_(Rows(weights, Targets)), joined.mul_(Rows(weights, Members)));
        }
        if (ownWeight != 1) own.mul_(ownWeight.ToCachedScalar());
        Add(own, joined);
        return own.MoveToOuterDisposeScope();
    }

    /// <summary>The weighted mean of each target and its members.</summary>
    /// <inheritdoc cref="Sum"/>
    /// <returns><c>[C, D]</c>, of the type of <paramref name="features"/>; sums are float32.</returns>
    public Tensor Mean(Tensor features, double ownWeight = 1, Tensor? sizes = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var weights = Sum(ones(features.shape[0], 1, device: features.device), ownWeight, sizes);
        return Sum(features, ownWeight, sizes).div_(weights).to_type(features.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Each target plus the mean of its members, which makes it about twice as long: VisionZip's contextual tokens as its code has them.</summary>
    /// <param name="features">Float <c>[N, D]</c>; not changed.</param>
    /// <returns><c>[C, D]</c>, of the type of <paramref name="features"/>; sums are float32.</returns>
    public Tensor TargetPlusMean(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var sums = zeros(Targets.Length, features.shape[1], device: features.device);
        var counts = zeros(Targets.Length, 1, device: features.device);
        Add(sums, Rows(features, Members));
        Add(counts, ones(Members.Length, 1, device: features.device));
        return Rows(features, Targets).add(sums.div_(counts.clamp_(min: 1.0.ToCachedScalar()))).to_type(features.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>How many tokens each target stands for afterwards.</summary>
    /// <param name="sizes">How many each token stood for, float <c>[N]</c>; ones if not given.</param>
    public float[] Sizes(float[]? sizes = null)
    {
        float[] sums = Array.ConvertAll(Targets, target => sizes?[target] ?? 1);
        for (int i = 0; i < Members.Length; i++) sums[Assignment[i]] += sizes?[Members[i]] ?? 1;
        return sums;
    }

    /// <summary>Gives every token the features of the group that it is in: the way back from merged tokens to all places.</summary>
    /// <param name="merged">What became of the targets, <c>[C, D]</c>.</param>
    /// <param name="tokens">N; each of them is a target or a member.</param>
    /// <returns><c>[N, D]</c>.</returns>
    public Tensor Spread(Tensor merged, int tokens)
    {
        ArgumentNullException.ThrowIfNull(merged);
        if (Targets.Length + Members.Length != tokens) throw new ArgumentException($"{Targets.Length} targets and {Members.Length} members are not {tokens} tokens.", nameof(tokens));
        long[] places = new long[tokens];
        for (int i = 0; i < Targets.Length; i++) places[Targets[i]] = i;
        for (int i = 0; i < Members.Length; i++) places[Members[i]] = Assignment[i];
        using var scope = NewDisposeScope();
        return merged.index_select(0, Index(places, merged.device)).MoveToOuterDisposeScope();
    }

    void Add(Tensor sums, Tensor ofMembers) => sums.scatter_add_(0, Index(Assignment, sums.device).unsqueeze(1).expand(ofMembers.shape), ofMembers);

    static Tensor Rows(Tensor of, IReadOnlyList<long> tokens) => of.index_select(0, Index(tokens, of.device)).to_type(ScalarType.Float32);

    static Tensor Index(IReadOnlyList<long> tokens, Device device) => tensor([.. tokens], ScalarType.Int64, device);
}
