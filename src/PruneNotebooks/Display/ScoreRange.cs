namespace PruneNotebooks.Display;

/// <summary>The lowest and the highest finite score: the two ends of the colours.</summary>
readonly record struct ScoreRange(float Low, float High)
{
    public static ScoreRange Of(IEnumerable<float> scores)
    {
        var finite = scores.Where(float.IsFinite).ToList();
        return finite.Count == 0 ? default : new(finite.Min(), finite.Max());
    }

    /// <summary>Where a score lies between the ends, 0 to 1; in the middle if all scores are the same.</summary>
    public double Position(float score) => High > Low ? ((double)score - Low) / ((double)High - Low) : 0.5;
}
