using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>A budget shared out among crops of a picture, by how much each is attended to and how much there differs in it.</summary>
/// <remarks>
/// <i>Don't Just Chase "Highlighted Tokens" in MLLMs</i> (HoloV), arXiv 2510.02912, NeurIPS 2025, as in the authors' code. Crops are runs of the flat raster sequence, not squares; all as long as the shortest
/// or one token longer, the longer ones first. The score of a crop of m tokens is the mean of <c>1000 a + alpha gamma V</c>: a is attention, V how much the cosine similarities of a
/// token to the others of its crop vary, gamma = mean |1000 a| / mean |V|. So mean scores are near <c>(1 + alpha)</c> times mean attention: quotas follow attention.
/// </remarks>
/// <param name="Sizes">Tokens of each crop, <c>[C]</c>.</param>
/// <param name="Scores">Holistic score of each token, <c>1000 a + alpha gamma V</c>, float32 <c>[N]</c>.</param>
/// <param name="Weights">Share of each crop, <c>[C]</c>, sum about 1.</param>
/// <param name="Counts">Tokens that each crop may keep, <c>[C]</c>; more than it has where attention is concentrated (<see cref="Redistributed"/>).</param>
public sealed record CropQuotas(int[] Sizes, float[] Scores, float[] Weights, int[] Counts)
{
    const long BlockBytes = 32L << 20;
    const double AttentionScale = 1000;

    /// <summary>Shares out a budget. O(N^2 D / C), in blocks of at most 32 MB; features that are not float32 are copied.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>.</param>
    /// <param name="attention">Attention that each token receives, float <c>[N]</c>.</param>
    /// <param name="crops">How many crops; those that would be empty are left out.</param>
    /// <param name="keep">The budget.</param>
    /// <param name="alpha">Weight of the variation of similarity.</param>
    /// <param name="tau">Exponent of the scores of crops: above 1 shares are more unequal, below 1 less.</param>
    /// <param name="epsilon">Added to norms and sums before they divide.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static CropQuotas Of(Tensor features, Tensor attention, int crops, int keep, double alpha = 0.09, double tau = 1, double epsilon = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(attention);
        if (features.dim() != 2 || attention.dim() != 1 || attention.shape[0] != features.shape[0])
            throw new ArgumentException($"Features are [N, D] and attention is [N]; they are {features.Shape()} and {attention.Shape()}.", nameof(attention));
        ArgumentOutOfRangeException.ThrowIfLessThan(crops, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        FiniteTokens.Check(attention, 0, nameof(attention));
        using var scope = NewDisposeScope();
        var rows = features.to_type(ScalarType.Float32);
        var norms = linalg.vector_norm(rows, dims: [1]);
        FiniteTokens.Check(norms, 0, nameof(features));
        var inverse = norms.add_(epsilon.ToCachedScalar()).reciprocal_();
        var received = attention.to_type(ScalarType.Float32);
        int tokens = (int)features.shape[0], count = Math.Min(crops, tokens), size = tokens / count, longer = tokens % count;
        var (first, second) = (Crops(0, longer, size + 1), Crops((long)longer * (size + 1), count - longer, size));
        float[] crop = Host(first.Crop, second.Crop);
        var (weights, counts) = Share(crop, keep, tau, (float)epsilon);
        return new([.. Enumerable.Range(0, count).Select(c => c < longer ? size + 1 : size)], Host(first.Token, second.Token), weights, counts);

        // Crops of one size, together: scores of tokens and of crops.
        (Tensor Token, Tensor Crop) Crops(long start, int number, int length)
        {
            var a = received.narrow(0, start, (long)number * length).view(number, length);
            if (number == 0 || length == 1) return (a.mul(AttentionScale.ToCachedScalar()).flatten(), a.flatten());
            var scaled = a.mul(AttentionScale.ToCachedScalar());
            var variation = Variation(rows.narrow(0, start, (long)number * length).view(number, length, -1), inverse.narrow(0, start, (long)number * length).view(number, length));
            var gamma = scaled.abs().mean([1], keepdim: true).div_(variation.abs().mean([1], keepdim: true).add_(epsilon.ToCachedScalar()));
            var score = scaled.add_(variation.mul_(gamma).mul_(alpha.ToCachedScalar()));
            return (score.flatten(), score.mean([1]));
        }

        float[] Host(Tensor one, Tensor other) => cat([one, other]).cpu().data<float>().ToArray();
    }

    /// <summary>Quotas that no crop exceeds: what is too much for some goes to the others, by weight and room, and what rounding leaves to the crop of the highest weight that has room (the paper's text; the authors' code wastes it).</summary>
    /// <param name="keep">The budget, at most N.</param>
    public CropQuotas Redistributed(int keep)
    {
        int[] counts = [.. Counts.Zip(Sizes, Math.Min)];
        int excess = keep - counts.Sum();
        double[] shares = [.. Weights.Select((weight, c) => (double)weight * (Sizes[c] - counts[c]))];
        double sum = shares.Sum();
        if (excess > 0 && sum > 0)
            for (int c = 0; c < counts.Length; c++) counts[c] = Math.Min(counts[c] + (int)Math.Floor(excess * shares[c] / sum), Sizes[c]);
        excess = keep - counts.Sum();
        foreach (int c in ByWeight(Weights))
        {
            int more = Math.Min(Math.Max(excess, 0), Sizes[c] - counts[c]);
            counts[c] += more;
            excess -= more;
        }
        return this with { Counts = counts };
    }

    /// <summary>The tokens that stay: crop by crop, in each the first of a ranking; a crop that stays whole keeps its order.</summary>
    /// <param name="ranking">A ranking of all N tokens.</param>
    /// <returns>As many as the quotas allow and the crops have.</returns>
    public long[] Pick(Ranking ranking)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        int[] owner = [.. Sizes.SelectMany((size, c) => Enumerable.Repeat(c, size))];
        List<long>[] chosen = [.. Sizes.Select(_ => new List<long>())];
        foreach (long token in ranking.Order)
            if (chosen[owner[token]].Count < Counts[owner[token]]) chosen[owner[token]].Add(token);
        for (int c = 0; c < chosen.Length; c++)
            if (chosen[c].Count == Sizes[c]) chosen[c].Sort();
        return [.. chosen.SelectMany(tokens => tokens)];
    }

    // Float32 in this order, because the floor decides.
    static (float[] Weights, int[] Counts) Share(float[] scores, int keep, double tau, float epsilon)
    {
        if (tau != 1) scores = Array.ConvertAll(scores, score => (float)Math.Pow(Math.Max(score, 0), tau));
        float sum = scores.Sum() + epsilon;
        float[] weights = Array.ConvertAll(scores, score => score / sum);
        int[] counts = Array.ConvertAll(weights, weight => Math.Max(0, (int)MathF.Floor(weight * keep)));
        foreach (int crop in ByWeight(weights).Take(Math.Max(0, keep - counts.Sum()))) counts[crop]++;
        return (weights, counts);
    }

    static IEnumerable<int> ByWeight(float[] weights) => Enumerable.Range(0, weights.Length).OrderByDescending(crop => weights[crop]);

    // Variance of the similarities of each token to the others of its crop, its own place counting as 0: [C, m].
    static Tensor Variation(Tensor tokens, Tensor inverseNorms)
    {
        var (crops, length) = (tokens.shape[0], tokens.shape[1]);
        var others = (length - 1L).ToCachedScalar();
        var variation = empty(crops, length, ScalarType.Float32, tokens.device);
        long rows = Math.Clamp(BlockBytes / sizeof(float) / length, 1, length), together = Math.Max(1, BlockBytes / sizeof(float) / (length * rows));
        for (long crop = 0; crop < crops; crop += together)
            for (long row = 0; row < length; row += rows)
            {
                using var inner = NewDisposeScope();
                long some = Math.Min(together, crops - crop), height = Math.Min(rows, length - row);
                var (all, scale) = (tokens.narrow(0, crop, some), inverseNorms.narrow(0, crop, some));
                var similarity = all.narrow(1, row, height).matmul(all.transpose(1, 2)).mul_(scale.unsqueeze(1)).mul_(scale.narrow(1, row, height).unsqueeze(2));
                similarity.diagonal(row, 1, 2).zero_();
                var mean = similarity.sum(2, keepdim: true).div_(others);
                variation.narrow(0, crop, some).narrow(1, row, height).copy_(similarity.sub_(mean).pow_(2.ToCachedScalar()).sum(2).div_(others));
            }
        return variation;
    }
}
