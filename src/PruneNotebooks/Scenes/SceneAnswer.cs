using PruneNotebooks.Metrics;

namespace PruneNotebooks.Scenes;

/// <summary>What a model answered to one question of a scene.</summary>
/// <param name="Seed">The scene.</param>
/// <param name="Question">The question.</param>
/// <param name="Text">The model's answer.</param>
public sealed record SceneAnswer(ulong Seed, SceneQuestion Question, string Text)
{
    /// <summary>Whether it is the expected answer, word for word.</summary>
    public bool IsRight => AnswerForm.Exact.IsRight(Text, Question.Answer);
}
