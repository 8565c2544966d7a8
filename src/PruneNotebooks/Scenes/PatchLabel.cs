namespace PruneNotebooks.Scenes;

/// <summary>What one patch of a scene shows: the truth against which a selection of visual tokens can be judged.</summary>
/// <param name="MainObject">The object that covers most of the patch, if any covers 6 of 64 pixels (the share that scene-llava was trained on).</param>
/// <param name="MainCharacter">The character with most ink in the patch, if any has some.</param>
/// <param name="ObjectCentre">The object whose middle pixel lies in the patch (the first one, if patches are large enough for several).</param>
/// <param name="CharacterCentre">The character whose middle pixel lies in the patch (the first one, if patches are large enough for several).</param>
public sealed record PatchLabel(SceneObject? MainObject, SceneCharacter? MainCharacter, SceneObject? ObjectCentre, SceneCharacter? CharacterCentre)
{
    /// <summary>Whether the patch shows nothing but background.</summary>
    public bool IsBackground => MainObject is null && MainCharacter is null && ObjectCentre is null && CharacterCentre is null;
}
