namespace PruneNotebooks.Scenes;

/// <summary>How many questions of each kind a scene carries at most; a scene that offers fewer carries what it offers.</summary>
/// <param name="Colour">Questions for a colour.</param>
/// <param name="Shape">Questions for a shape.</param>
/// <param name="Count">Questions for a number, at most 3.</param>
/// <param name="Exists">Questions for presence, at most 3.</param>
/// <param name="Relation">Questions for a neighbour.</param>
/// <param name="Where">Questions for a place.</param>
/// <param name="Text">Requests to read, at most 1.</param>
public sealed record QuestionMix(int Colour, int Shape, int Count, int Exists, int Relation, int Where, int Text)
{
    /// <summary>The mix of all published accuracies of scene-llava: about 13 questions in a scene.</summary>
    public static QuestionMix Evaluation { get; } = new(2, 2, 3, 3, 3, 2, 1);

    /// <summary>The mix of the last stage of scene-llava's training: more relations, fewer colours and shapes.</summary>
    public static QuestionMix Training { get; } = new(1, 1, 2, 1, 5, 2, 1);

    /// <summary>The most questions of one kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number for this kind is negative, or there is no such kind.</exception>
    public int this[QuestionKind kind]
    {
        get
        {
            int count = kind switch
            {
                QuestionKind.Colour => Colour,
                QuestionKind.Shape => Shape,
                QuestionKind.Count => Count,
                QuestionKind.Exists => Exists,
                QuestionKind.Relation => Relation,
                QuestionKind.Where => Where,
                QuestionKind.Text => Text,
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of question."),
            };
            return count >= 0 ? count : throw new ArgumentOutOfRangeException(
                kind.ToString(), count, $"A scene cannot carry {count} questions of the kind {kind}; 0 or more are expected.");
        }
    }
}
