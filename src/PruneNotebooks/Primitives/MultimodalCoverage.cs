using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Tokens that together cover the words of a question and the whole picture: greedy facility location on two softmaxed similarities (<see cref="CoverageGreedy"/>).</summary>
/// <remarks>
/// <i>MMTok</i>, arXiv 2508.18264: rows to be covered are the M words, <c>softmax(Z X' / t) / M</c>, and the N tokens, <c>alpha softmax(V V' / v) / N</c>, cosines between rows, the softmax over the N tokens.
/// Memory: a table of the tokens' similarities up to 4,096 of them; beyond it one number for each, and blocks of rows.
/// </remarks>
public static class MultimodalCoverage
{
    const int TableSize = 4096;

    /// <summary>Chooses tokens.</summary>
    /// <param name="tokens">Visual tokens in the space of the words, behind the projector, float <c>[N, D]</c>.</param>
    /// <param name="picture">The same in the space of the tower, before it, float <c>[N, Dv]</c>.</param>
    /// <param name="words">Embeddings of the question's words, float <c>[M, D]</c>; M may be 0, then the picture alone is covered.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="alpha">Weight of the picture.</param>
    /// <param name="textTemperature">Of the softmax of words.</param>
    /// <param name="visionTemperature">Of the softmax of tokens.</param>
    /// <param name="excluded">Tokens that are covered, but not chosen.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static Coverage Choose(Tensor tokens, Tensor picture, Tensor words, int count, double alpha = 0.5, double textTemperature = 0.02, double visionTemperature = 0.2, IReadOnlyCollection<long>? excluded = null) =>
        Choose(tokens, picture, words, count, alpha, textTemperature, visionTemperature, excluded, TableSize);

    internal static Coverage Choose(Tensor tokens, Tensor picture, Tensor words, int count, double alpha, double textTemperature, double visionTemperature, IReadOnlyCollection<long>? excluded, int tableSize)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(words);
        if (tokens.dim() != 2 || picture.dim() != 2 || picture.shape[0] != tokens.shape[0])
            throw new ArgumentException($"Tokens are [N, D] behind the projector and [N, Dv] before it; they are {tokens.Shape()} and {picture.Shape()}.", nameof(picture));
        if (words.dim() != 2 || words.shape[1] != tokens.shape[1]) throw new ArgumentException($"Words are [M, {tokens.shape[1]}]; they are {words.Shape()}.", nameof(words));
        using var scope = NewDisposeScope();
        return CoverageGreedy.Choose(new SoftmaxAffinities(tokens, picture, words, alpha, textTemperature, visionTemperature, tableSize), count, new() { Excluded = excluded ?? [] });
    }

    static Tensor Unit(Tensor rows)
    {
        var floats = rows.to_type(ScalarType.Float32);
        var norms = UnitRows.Norms(floats, smallest: 1e-8);
        if (!norms.isfinite().all().item<bool>()) FiniteTokens.Check(rows, 0, nameof(rows));
        return floats.div(norms);
    }

    // Words first, then tokens. Tensors belong to the caller's scope.
    sealed class SoftmaxAffinities : IAffinities
    {
        readonly Tensor words, picture;
        readonly Tensor? table, logSums;
        readonly double weight, temperature;

        public SoftmaxAffinities(Tensor tokens, Tensor picture, Tensor words, double alpha, double textTemperature, double visionTemperature, int tableSize)
        {
            this.picture = Unit(picture);
            (Tokens, weight, temperature) = ((int)tokens.shape[0], alpha / tokens.shape[0], visionTemperature);
            this.words = Unit(words).matmul(Unit(tokens).t()).div_(textTemperature.ToCachedScalar()).softmax(1).div_(((double)Math.Max(1, words.shape[0])).ToCachedScalar());
            if (Tokens <= tableSize)
            {
                table = Logits(this.picture).softmax(1).mul_(weight.ToCachedScalar());
                return;
            }
            logSums = empty(Tokens, ScalarType.Float32, tokens.device);
            for (long start = 0, block = Math.Max(1, (8L << 20) / sizeof(float) / Tokens); start < Tokens; start += block)
            {
                using var scope = NewDisposeScope();
                long length = Math.Min(block, Tokens - start);
                logSums.narrow(0, start, length).copy_(Logits(this.picture.narrow(0, start, length)).logsumexp(1));
            }
        }

        public int Rows => (int)words.shape[0] + Tokens;

        public int Tokens { get; }

        public Device Device => picture.device;

        // Affinities are far below 1 and as exact as their exponents: none is nothing.
        public double Error => 1e-15;

        public Tensor Of(Tensor rows)
        {
            long toWords = rows.lt(words.shape[0].ToCachedScalar()).sum().item<long>();
            var tokens = rows.narrow(0, toWords, rows.shape[0] - toWords).sub(words.shape[0].ToCachedScalar());
            var covered = table?.index_select(0, tokens) ?? Shares(picture.index_select(0, tokens), logSums!.index_select(0, tokens).unsqueeze(1));
            return toWords == 0 ? covered : cat([words.index_select(0, rows.narrow(0, 0, toWords)), covered]);
        }

        public Tensor By(long token) => cat([words.select(1, token), table?.select(1, token) ?? Shares(picture, logSums!.unsqueeze(1), picture.narrow(0, token, 1)).squeeze(1)]);

        Tensor Logits(Tensor rows, Tensor? columns = null) => rows.matmul((columns ?? picture).t()).div_(temperature.ToCachedScalar());

        Tensor Shares(Tensor rows, Tensor sums, Tensor? columns = null) => Logits(rows, columns).sub_(sums).exp_().mul_(weight.ToCachedScalar());
    }
}
