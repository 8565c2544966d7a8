using PruneNotebooks.Primitives;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>This score divided by its sum, so that scores of different size can be added.</summary>
    /// <param name="epsilon">Added to the sum.</param>
    public Score Normalised(double epsilon = 1e-8) => new TransformedScore(this, "normalised", (score, _) => score.div(score.sum().add(epsilon.ToCachedScalar())));

    /// <summary>This score stretched to 0 to 1.</summary>
    /// <param name="epsilon">Added to the range.</param>
    public Score MinMax(double epsilon = 1e-6) => new TransformedScore(this, "0 to 1", (score, _) => score.sub(score.min()).div(score.max().sub(score.min()).add(epsilon.ToCachedScalar())));

    /// <summary>The mean of this score over the neighbours on the grid, the token itself included: 3 x 3 places, fewer at the border.</summary>
    public Score Smoothed() => new TransformedScore(this, "smoothed", (score, context) =>
        nn.functional.avg_pool2d(score.view(1, 1, context.Grid.Height, context.Grid.Width), 3, stride: 1, padding: 1, count_include_pad: false).flatten());

    /// <summary>This score, lowered below all others where a mask says so: those tokens stay only if nothing else is left.</summary>
    /// <param name="mask">From the context to which tokens keep their score, bool <c>[N]</c>.</param>
    public Score Masked(Func<PruningContext, Tensor> mask) => new TransformedScore(this, "masked", (score, context) =>
        where(mask(context), score, score.sub(score.max().sub(score.min()).add(1.ToCachedScalar()))));

    /// <summary>The product of two scores.</summary>
    public static Score operator *(Score left, Score right) => new CombinedScore(left, right, "x", (a, b) => a.mul(b));

    /// <summary>The sum of two scores.</summary>
    public static Score operator +(Score left, Score right) => new CombinedScore(left, right, "+", (a, b) => a.add(b));

    /// <summary>A score times a number.</summary>
    public static Score operator *(double factor, Score score) => new TransformedScore(score, FormattableString.Invariant($"x {factor:0.###}"), (value, _) => value.mul(factor.ToCachedScalar()));
}

/// <summary>A score that was made of another.</summary>
/// <param name="Inner">The other.</param>
/// <param name="What">What was done, in a word.</param>
/// <param name="Transform">From its value and the context to the new value.</param>
public sealed record TransformedScore(Score Inner, string What, Func<Tensor, PruningContext, Tensor> Transform) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Inner.Needs;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        var score = Inner.Of(context).to_type(ScalarType.Float32);
        FiniteTokens.Check(score, 0, nameof(context));
        return Transform(score, context);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Inner}, {What}";
}

/// <summary>A score made of two.</summary>
/// <param name="Left">One.</param>
/// <param name="Right">The other.</param>
/// <param name="Sign">How the two are joined, in a sign.</param>
/// <param name="Join">The same as a function.</param>
public sealed record CombinedScore(Score Left, Score Right, string Sign, Func<Tensor, Tensor, Tensor> Join) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Left.Needs.And(Right.Needs);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) => Join(Left.Of(context).to_type(ScalarType.Float32), Right.Of(context).to_type(ScalarType.Float32));

    /// <inheritdoc/>
    public override string ToString() => $"({Left}) {Sign} ({Right})";
}
