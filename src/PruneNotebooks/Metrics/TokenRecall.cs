using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>How much of what a picture shows is left among the kept tokens, by the true masks of its objects.</summary>
/// <param name="Kept">Kept tokens.</param>
/// <param name="Tokens">All tokens, N.</param>
/// <param name="OnObjects">Tokens that lie on an object, each counted once.</param>
/// <param name="KeptOnObjects">How many of these were kept.</param>
/// <param name="ByObject">For each object the share of its tokens that was kept.</param>
public sealed record TokenRecall(int Kept, int Tokens, int OnObjects, int KeptOnObjects, IReadOnlyList<double> ByObject)
{
    /// <summary>The share of the objects' tokens that was kept, 0 to 1.</summary>
    public double Recall => (double)KeptOnObjects / OnObjects;

    /// <summary>The share of the kept tokens that lie on an object, 0 to 1; not a number if none was kept.</summary>
    public double Precision => (double)KeptOnObjects / Kept;

    /// <summary>How many times more of the objects is kept than a random choice of as many tokens keeps on average; 1 is chance.</summary>
    public double Lift => Recall * Tokens / Kept;

    /// <summary>How many objects still have a token.</summary>
    public int Found => ByObject.Count(share => share > 0);

    /// <summary>Compares a selection with masks.</summary>
    /// <param name="selection">What was kept of the N tokens.</param>
    /// <param name="objects">For each object the tokens that show it; objects may share tokens, and none is empty.</param>
    /// <exception cref="ArgumentException">There is no object, one has no token, or a token is not there.</exception>
    public static TokenRecall Of(TokenSelection selection, IReadOnlyList<IReadOnlyCollection<long>> objects)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(objects);
        if (objects.Count == 0) throw new ArgumentException("Recall is that of objects; there are none.", nameof(objects));
        var kept = selection.Kept.ToHashSet();
        var all = new HashSet<long>();
        double[] shares = new double[objects.Count];
        for (int i = 0; i < objects.Count; i++)
        {
            var mask = objects[i].ToHashSet();
            if (mask.Count == 0) throw new ArgumentException($"Object {i} has no token: leave it out.", nameof(objects));
            if (mask.FirstOrDefault(token => token < 0 || token >= selection.Tokens, -1) is var bad && mask.Contains(bad))
                throw new ArgumentException($"Object {i} has token {bad}, but there are tokens 0 to {selection.Tokens - 1}.", nameof(objects));
            shares[i] = (double)mask.Count(kept.Contains) / mask.Count;
            all.UnionWith(mask);
        }
        return new(kept.Count, selection.Tokens, all.Count, all.Count(kept.Contains), shares);
    }

    /// <summary>Such as "recall 62.5 % of 16 object tokens, 2.5 times chance; 3 of 3 objects found".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"recall {100 * Recall:0.0} % of {OnObjects} object tokens, {Lift:0.0#} times chance; {Found} of {ByObject.Count} objects found");
}
