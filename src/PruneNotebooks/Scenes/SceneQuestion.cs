namespace PruneNotebooks.Scenes;

/// <summary>A question about a scene, with the answer that counts as right.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Text">The question as the model reads it: words and punctuation apart, such as "what colour is the circle ?".</param>
/// <param name="Answer">The whole answer, words apart: "red", "red circle", "top left", "3", "yes", "A 7 K".</param>
public sealed record SceneQuestion(QuestionKind Kind, string Text, string Answer);

/// <summary>What a question asks for.</summary>
public enum QuestionKind
{
    /// <summary>"what colour is the circle ?" - asked of shapes that occur once.</summary>
    Colour,
    /// <summary>"what shape is the red thing ?" - asked of colours that occur once.</summary>
    Shape,
    /// <summary>"how many red things ?", "how many circles ?", "how many things ?" - answered by a digit.</summary>
    Count,
    /// <summary>"is there a red circle ?" - "yes" or "no"; about half of each.</summary>
    Exists,
    /// <summary>"what is left of the red circle ?" - the nearest object in that direction, "blue ring"; asked only where there is one.</summary>
    Relation,
    /// <summary>"where is the red circle ?" - "top left" to "bottom right".</summary>
    Where,
    /// <summary>"read the text ." - its characters, apart.</summary>
    Text,
}
