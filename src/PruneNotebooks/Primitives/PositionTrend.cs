using System.Globalization;

namespace PruneNotebooks.Primitives;

/// <summary>How much attention depends on nothing but where a token lies: a function f of the place x = i / N of token i of N, of which only the ratio to f(0) matters.</summary>
/// <remarks><i>Attention Debiasing for Token Pruning in Vision Language Models</i>, arXiv 2508.17807. On i / N, so that a trend of one grid can be tried on another.</remarks>
public abstract record PositionTrend
{
    PositionTrend() { }

    /// <summary>Nothing depends on the place.</summary>
    public static PositionTrend None { get; } = new Exponential(0);

    /// <summary>The weights that the authors publish for FastV on LLaVA-1.5-7B; for all other hosts they publish exponentials, with sigma from 0.64 (TokenCarve, MMBench-CN) to 2.67 (SparseVLM, POPE).</summary>
    public static PositionTrend PublishedFastV { get; } = new Cubic(3.0151976e-3 * 576, -1.45979083e-5 * 576 * 576, 2.56911352e-8 * 576 * 576 * 576);

    /// <summary>f(x) / f(0).</summary>
    /// <param name="place">x, from 0 to below 1.</param>
    public abstract double At(double place);

    /// <summary>What attention is multiplied by to be free of the trend: <c>f(0) / f(i / N)</c>, the first is 1.</summary>
    /// <param name="tokens">N, all tokens of the image.</param>
    /// <exception cref="InvalidOperationException">The trend is not positive somewhere.</exception>
    public virtual double[] Weights(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        double[] weights = new double[tokens];
        for (int i = 0; i < tokens; i++)
        {
            double trend = At((double)i / tokens);
            weights[i] = trend > 0 && double.IsFinite(trend) ? 1 / trend : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The trend is {trend} at token {i} of {tokens}: attention can only be divided by a positive one. Fit another form."));
        }
        return weights;
    }

    /// <summary><c>exp(sigma x)</c>, the form of the paper. Positive sigma: later tokens get more (recency).</summary>
    /// <param name="Sigma">The strength of the bias; the paper finds 0.70 to 1.52.</param>
    public sealed record Exponential(double Sigma) : PositionTrend
    {
        /// <inheritdoc/>
        public override double At(double place) => Math.Exp(Sigma * place);
    }

    /// <summary><c>1 + c1 x + c2 x^2 + c3 x^3</c>.</summary>
    /// <param name="C1">Of x.</param>
    /// <param name="C2">Of x squared.</param>
    /// <param name="C3">Of x cubed.</param>
    public sealed record Cubic(double C1, double C2, double C3) : PositionTrend
    {
        /// <inheritdoc/>
        public override double At(double place) => 1 + place * (C1 + place * (C2 + place * C3));
    }

    /// <summary>A weight for each token, as measured or published, for images of just that many tokens.</summary>
    public sealed record Given : PositionTrend
    {
        readonly double[] weights;

        /// <summary>Takes the weights.</summary>
        /// <param name="weights">Finite and not negative.</param>
        /// <exception cref="ArgumentException">A weight is not.</exception>
        public Given(IReadOnlyList<double> weights)
        {
            ArgumentNullException.ThrowIfNull(weights);
            this.weights = [.. weights];
            int bad = Array.FindIndex(this.weights, weight => !(weight >= 0 && double.IsFinite(weight)));
            if (bad >= 0) throw new ArgumentException($"The weight of token {bad} is {this.weights[bad].ToString(CultureInfo.InvariantCulture)}; a finite number of 0 or more is expected.", nameof(weights));
        }

        /// <inheritdoc/>
        public override double At(double place) => weights[0] / weights[Math.Min(weights.Length - 1, (int)Math.Round(place * weights.Length))];

        /// <inheritdoc/>
        /// <exception cref="ArgumentException">There are weights for another number of tokens.</exception>
        public override double[] Weights(int tokens) => tokens == weights.Length
            ? [.. weights]
            : throw new ArgumentException($"Weights are given for {weights.Length} tokens, but the image has {tokens}. Fit a trend of that grid, or use an exponential.", nameof(tokens));

        /// <inheritdoc/>
        public bool Equals(Given? other) => other is not null && weights.AsSpan().SequenceEqual(other.weights);

        /// <inheritdoc/>
        public override int GetHashCode() => weights.Aggregate(weights.Length, HashCode.Combine);
    }
}
