namespace PruneNotebooks.Models.Tokenization;

/// <summary>What becomes of the parts of a text that match a pattern, when it is cut at them.</summary>
enum SplitBehaviour
{
    /// <summary>They are dropped.</summary>
    Removed,

    /// <summary>Each is a piece of its own.</summary>
    Isolated,

    /// <summary>Each joins the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each joins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}

static class SplitBehaviours
{
    public static SplitBehaviour Read(ConfigFields fields, SplitBehaviour? absent = null) =>
        Enum.Parse<SplitBehaviour>(fields.OneOf("behavior", absent?.ToString() ?? "", Enum.GetNames<SplitBehaviour>()));

    /// <summary>The pieces of the text, in order; none is empty.</summary>
    public static List<Range> Split(string text, TextPattern pattern, SplitBehaviour behaviour, bool invert)
    {
        var parts = new List<(Range Range, bool IsMatch)>();
        bool previousMatched = false;
        foreach (var (range, isMatch) in Cover(text, pattern, invert))
        {
            bool join = parts.Count > 0 && behaviour switch
            {
                SplitBehaviour.Contiguous => isMatch == previousMatched,
                SplitBehaviour.MergedWithPrevious => isMatch && !previousMatched,
                SplitBehaviour.MergedWithNext => !isMatch && previousMatched,
                _ => false,
            };
            if (join)
                parts[^1] = (parts[^1].Range.Start..range.End, false);
            else
                parts.Add((range, isMatch));
            previousMatched = isMatch;
        }
        return [.. parts.Where(part => !part.IsMatch || behaviour != SplitBehaviour.Removed).Select(part => part.Range)];
    }

    /// <summary>The whole text as an alternation of what matches and what lies between.</summary>
    static IEnumerable<(Range Range, bool IsMatch)> Cover(string text, TextPattern pattern, bool invert)
    {
        int end = 0;
        foreach (var match in pattern.Find(text))
        {
            if (match.Start.Value > end)
                yield return (end..match.Start, invert);
            if (match.End.Value > match.Start.Value)
                yield return (match, !invert);
            end = match.End.Value;
        }
        if (end < text.Length)
            yield return (end..text.Length, invert);
    }
}
