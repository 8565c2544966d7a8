using PruneNotebooks.Metrics;

namespace PruneNotebooks.Scenes;

/// <summary>Scenes as probes for the instruments of <see cref="Metrics"/>.</summary>
public static class SceneProbes
{
    /// <summary>Every question of every scene, with the kind of question as category.</summary>
    public static IReadOnlyList<Probe> Probes(this IEnumerable<Scene> scenes)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        return [.. scenes.SelectMany(scene => scene.Questions.Select((question, i) => new Probe(scene.Image, question.Text, question.Answer, question.Kind.ToString()) { Id = $"{scene.Seed}-{i}" }))];
    }
}
