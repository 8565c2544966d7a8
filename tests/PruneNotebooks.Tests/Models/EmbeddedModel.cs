using PruneNotebooks.Models;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

/// <summary>The embedded model, loaded once for a class of tests, and scenes that it was not trained on.</summary>
public sealed class EmbeddedModel : IDisposable
{
    public Vlm Vlm { get; } = Vlm.Load("scene-llava", CPU, ScalarType.Float32);

    public IReadOnlyList<Scene> Scenes { get; } = [.. PruneNotebooks.Scenes.Scenes.HeldOut(3)];

    /// <summary>The encoded prompt of one of a scene's questions.</summary>
    public EncodedPrompt Prompt(int scene = 0, int question = 0, PruningPlan? plan = null) => Vlm.Encode(Vlm.Ask(Scenes[scene].Questions[question].Text, Scenes[scene].Image), plan);

    public void Dispose() => Vlm.Dispose();
}
