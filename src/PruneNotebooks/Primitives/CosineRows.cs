using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Rows of a matrix, looked at as directions: their cosine similarities in blocks, without a normalised copy and without an N x N matrix.</summary>
/// <remarks>
/// Two precisions. Matrix products are float32, good to about 1e-6 (<see cref="Error"/>): they find out who can matter. Where that leaves several,
/// <see cref="Decide"/> compares float64 products, rounded to float32: so equal similarities (a pair that is mutually nearest, copies of one token)
/// are equal to the bit, whichever block they were computed in, and the index decides.
/// Memory: <see cref="BlockBytes"/> and a few vectors of N.
/// </remarks>
internal sealed class CosineRows : IDisposable
{
    /// <summary>How far float32 similarities may be from the truth.</summary>
    public const float Error = 4e-6f;

    /// <summary>Tokens this similar are copies of each other, as far as float32 can tell.</summary>
    public const float Copy = 1 - 2 * Error;

    const int MostTies = 64;
    const long BlockBytes = 8L << 20;

    static readonly Scalar Zero = 0.ToCachedScalar(), Smallest = 1e-30.ToCachedScalar(), MinusInfinity = double.NegativeInfinity.ToCachedScalar();

    readonly Tensor features;
    readonly Tensor inverseNorms;

    /// <summary>Looks at the rows of <paramref name="features"/>, <c>[N, D]</c>, which must stay alive.</summary>
    /// <param name="features">Tokens.</param>
    /// <param name="zeros">Whether a row of zeros is allowed; its similarity to all is 0.</param>
    /// <exception cref="ArgumentException">A row is not finite or has no direction; the message names it.</exception>
    public CosineRows(Tensor features, bool zeros = false)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2) throw new ArgumentException($"Features are [N, D]; they are {features.Shape()}.", nameof(features));
        this.features = features;
        using var scope = NewDisposeScope();
        var norms = Norms(features);
        float[] values = norms.cpu().data<float>().ToArray();
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]) || (values[i] == 0 && !zeros))
                throw new ArgumentException(values[i] == 0
                    ? $"Token {i} is all zeros: it has no direction, hence no cosine similarity. Leave it out before choosing."
                    : $"The features of token {i} are not finite (their norm is {values[i]}). Check the layer they come from.", nameof(features));
        inverseNorms = norms.reciprocal().masked_fill_(norms.eq(Zero), Zero).DetachFromDisposeScope();
    }

    /// <summary>Number of rows.</summary>
    public int Count => (int)features.shape[0];

    /// <summary>The rows' device.</summary>
    public Device Device => features.device;

    /// <summary>Calls back with the similarities of a block of rows to all of the columns, float32 <c>[block, C]</c>; those of a token to itself are -inf.</summary>
    /// <param name="rows">Row indices, int64 <c>[R]</c>; <see langword="null"/> for all.</param>
    /// <param name="columns">Other rows, int64 <c>[C]</c>.</param>
    /// <param name="visit">Gets where the block starts within <paramref name="rows"/>, and the similarities; runs in a dispose scope of its own.</param>
    public void ForEachBlock(Tensor? rows, Tensor columns, Action<long, Tensor> visit)
    {
        using var scope = NewDisposeScope();
        var right = features.index_select(0, columns).to_type(ScalarType.Float32).mul_(inverseNorms.index_select(0, columns).unsqueeze(1)).t();
        long count = rows?.shape[0] ?? Count;
        long block = Math.Max(1, BlockBytes / sizeof(float) / (features.shape[1] + columns.shape[0]));
        for (long start = 0; start < count; start += block)
        {
            using var inner = NewDisposeScope();
            long length = Math.Min(block, count - start);
            var index = rows?.narrow(0, start, length);
            var left = index is null ? features.narrow(0, start, length) : features.index_select(0, index);
            var scale = index is null ? inverseNorms.narrow(0, start, length) : inverseNorms.index_select(0, index);
            var similarity = left.to_type(ScalarType.Float32).matmul(right).mul_(scale.unsqueeze(1));
            index ??= Indices.Range(start, start + length, Device);
            visit(start, similarity.masked_fill_(index.unsqueeze(1).eq(columns.unsqueeze(0)), MinusInfinity));
        }
    }

    /// <summary>For each row the most similar column other than itself: similarity, float32 <c>[R]</c>, and which of the columns, int64 <c>[R]</c>.</summary>
    public (Tensor Similarity, Tensor Column) MostSimilar(Tensor? rows, Tensor columns)
    {
        using var scope = NewDisposeScope();
        // Results have their place before the blocks: small tensors that stay between large ones that leave would fragment the heap.
        long count = rows?.shape[0] ?? Count;
        var best = empty(count, ScalarType.Float32, Device);
        var column = empty(count, ScalarType.Int64, Device);
        ForEachBlock(rows, columns, (start, similarity) =>
        {
            var (value, index) = similarity.max(1);
            best.narrow(0, start, value.shape[0]).copy_(value);
            column.narrow(0, start, value.shape[0]).copy_(columns.index_select(0, index));
        });
        return (best.MoveToOuterDisposeScope(), column.MoveToOuterDisposeScope());
    }

    /// <summary>For each of a few tokens the most similar other token of all: similarity, float32 <c>[F]</c>, and which one, int64 <c>[F]</c>.</summary>
    public (Tensor Similarity, Tensor Token) Nearest(Tensor few)
    {
        using var scope = NewDisposeScope();
        var best = full(few.shape[0], MinusInfinity, ScalarType.Float32, Device);
        var token = zeros(few.shape[0], ScalarType.Int64, Device);
        ForEachBlock(null, few, (start, similarity) =>
        {
            var (value, row) = similarity.max(0);
            token.copy_(where(value.gt(best), row.add_(start.ToCachedScalar()), token));
            best.copy_(maximum(best, value));
        });
        return (best.MoveToOuterDisposeScope(), token.MoveToOuterDisposeScope());
    }

    /// <summary>The rows with the lowest of these similarities, ascending, and what the similarity of every other row is at least.</summary>
    /// <param name="similarity">Float32 similarities, on the host.</param>
    /// <param name="count">How many rows, at most.</param>
    /// <param name="except">Rows that are out of the question.</param>
    public static (long[] Rows, float Outside) Lowest(float[] similarity, int count, Func<int, bool>? except = null)
    {
        // In steps as wide as the error, with copies (1) in the middle of one: equal rows fall into the same step, where the index decides.
        const float steps = 1 / Error;
        long[] keys = [.. Enumerable.Range(0, similarity.Length).Where(i => except?.Invoke(i) != true).Select(i => ((long)MathF.Round(similarity[i] * steps) << 32) | (uint)i)];
        Array.Sort(keys);
        return ([.. keys.Take(count).Select(key => (long)(uint)key).Order()], keys.Length > count ? ((keys[count] >> 32) - 0.5f) / steps - Error : float.PositiveInfinity);
    }

    /// <summary>Similarities among some rows, each pair computed once: half a Gram matrix, in blocks of rows.</summary>
    /// <param name="rows">Row indices, int64 <c>[R]</c>.</param>
    public PairTable Pairs(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return new PairTable(HalfGram(rows, mirrored: false).cpu().data<float>().ToArray(), (int)rows.shape[0]);
    }

    /// <summary>Similarities of all rows to all, each pair computed once, a row to itself included; float32 <c>[N, N]</c>.</summary>
    public Tensor Gram()
    {
        using var scope = NewDisposeScope();
        return HalfGram(Indices.UpTo(Count, Device), mirrored: true).MoveToOuterDisposeScope();
    }

    /// <summary>Similarities of a few rows to all, a row to itself included; float32 <c>[F, N]</c>.</summary>
    /// <param name="few">Row indices, int64 <c>[F]</c>.</param>
    public Tensor ToAll(Tensor few)
    {
        using var scope = NewDisposeScope();
        var left = Unit(few, ScalarType.Float32);
        var similarity = empty(few.shape[0], Count, ScalarType.Float32, Device);
        long block = Math.Max(1, BlockBytes / sizeof(float) / features.shape[1]);
        for (long start = 0; start < Count; start += block)
        {
            using var inner = NewDisposeScope();
            long length = Math.Min(block, Count - start);
            similarity.narrow(1, start, length).copy_(left.matmul(features.narrow(0, start, length).to_type(ScalarType.Float32).t()).mul_(inverseNorms.narrow(0, start, length)));
        }
        return similarity.MoveToOuterDisposeScope();
    }

    // What is below the diagonal is that above it, or left zero.
    Tensor HalfGram(Tensor rows, bool mirrored)
    {
        using var scope = NewDisposeScope();
        var unit = Unit(rows, ScalarType.Float32);
        long count = rows.shape[0], block = Math.Max(64, count / 8);
        var table = zeros(count, count, ScalarType.Float32, Device);
        for (long start = 0; start < count; start += block)
        {
            using var inner = NewDisposeScope();
            long width = count - start, height = Math.Min(block, width), rest = width - height;
            var similarity = unit.narrow(0, start, height).matmul(unit.narrow(0, start, width).t());
            table.narrow(0, start, height).narrow(1, start, width).copy_(similarity);
            if (mirrored && rest > 0) table.narrow(0, start + height, rest).narrow(1, start, height).copy_(similarity.narrow(1, height, rest).t());
        }
        return table.MoveToOuterDisposeScope();
    }

    /// <summary>Who has the lowest similarity to their partner: float32 says who can, float64 who does, the index if they are equal.</summary>
    /// <param name="rows">Rows, ascending.</param>
    /// <param name="similarity">The float32 similarity of each to its partner; infinite for who is out of the question.</param>
    /// <param name="partner">The partner of each.</param>
    /// <returns>The place in <paramref name="rows"/>.</returns>
    public int Decide(long[] rows, float[] similarity, long[] partner)
    {
        float least = similarity.Min();
        List<int> ties = [];
        for (int i = 0; i < similarity.Length && ties.Count < MostTies; i++)
            if (similarity[i] <= least + 2 * Error) ties.Add(i);
        if (ties.Count == 1 || least >= Copy) return ties[0];
        using var scope = NewDisposeScope();
        Tensor UnitOf(long[] of) => Unit(tensor([.. ties.Select(i => of[i])], ScalarType.Int64, Device), ScalarType.Float64);
        float[] exact = UnitOf(rows).mul_(UnitOf(partner)).sum(1).to_type(ScalarType.Float32).cpu().data<float>().ToArray();
        return ties[Array.IndexOf(exact, exact.Min())];
    }

    // Rows divided by their norms.
    Tensor Unit(Tensor rows, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var unit = features.index_select(0, rows).to_type(type);
        return unit.div_(linalg.vector_norm(unit, dims: [1], keepdim: true).clamp_min_(Smallest)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => inverseNorms.Dispose();

    // In blocks, because norms of half precision need a float32 copy.
    static Tensor Norms(Tensor features)
    {
        using var scope = NewDisposeScope();
        long block = Math.Max(1, BlockBytes / sizeof(float) / features.shape[1]);
        var norms = empty(features.shape[0], ScalarType.Float32, features.device);
        for (long start = 0; start < features.shape[0]; start += block)
        {
            using var inner = NewDisposeScope();
            long length = Math.Min(block, features.shape[0] - start);
            norms.narrow(0, start, length).copy_(linalg.vector_norm(features.narrow(0, start, length).to_type(ScalarType.Float32), dims: [1]));
        }
        return norms.MoveToOuterDisposeScope();
    }
}
