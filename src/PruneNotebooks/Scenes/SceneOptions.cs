namespace PruneNotebooks.Scenes;

/// <summary>What a scene shows and what is asked about it; the defaults are those of all published accuracies of scene-llava.</summary>
public sealed record SceneOptions
{
    /// <summary>Whether the scene holds text.</summary>
    public TextPresence Text { get; init; } = TextPresence.Usually;

    /// <summary>How many questions of each kind are asked.</summary>
    public QuestionMix Questions { get; init; } = QuestionMix.Evaluation;
}

/// <summary>Whether a scene holds text.</summary>
public enum TextPresence
{
    /// <summary>No text.</summary>
    Never,
    /// <summary>One text in 70 % of the scenes.</summary>
    Usually,
    /// <summary>One text.</summary>
    Always,
    /// <summary>One to three texts and one to five objects: the scenes on which the vision tower of scene-llava was trained first.</summary>
    Crowded,
}
