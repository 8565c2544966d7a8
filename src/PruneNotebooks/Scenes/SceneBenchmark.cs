using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Scenes;

/// <summary>Measures how many questions about scenes a model answers rightly.</summary>
public static class SceneBenchmark
{
    // The longest right answer has four characters and an end token: an answer that is cut off here is wrong anyway.
    static readonly GenerationOptions Short = new() { MaxTokens = 8 };

    // Scenes that go through the model together. More gain nothing and take memory.
    const int Batch = 8;

    /// <summary>Asks all questions of all scenes. An answer is right if it is the expected one, word for word and to its end.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scenes">What to ask about, such as <c>Scenes.HeldOut(300)</c>.</param>
    /// <param name="plan">Which tokens leave where; none if not given.</param>
    /// <param name="progress">Hears after every few scenes how far it is.</param>
    /// <param name="cancellation">Stops between two batches of scenes or answer tokens.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static SceneAccuracy Measure(
        Vlm model, IEnumerable<Scene> scenes, PruningPlan? plan = null, IProgress<SceneProgress>? progress = null, CancellationToken cancellation = default)
        => Measure(model, scenes, [plan ?? PruningPlan.None], progress, cancellation)[0];

    /// <summary>Asks all questions of all scenes under several plans, which look at each picture together: a sweep costs one run of the vision tower.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scenes">What to ask about.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="progress">Hears after every few scenes how far it is; counts right answers under all plans.</param>
    /// <param name="cancellation">Stops between two batches of scenes or answer tokens.</param>
    /// <returns>By plan.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static IReadOnlyList<SceneAccuracy> Measure(
        Vlm model, IEnumerable<Scene> scenes, IReadOnlyList<PruningPlan> plans, IProgress<SceneProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scenes);
        ArgumentNullException.ThrowIfNull(plans);
        var answers = plans.Select(_ => new List<SceneAnswer>()).ToArray();
        int done = 0, right = 0, asked = 0;
        foreach (var batch in scenes.Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            var questions = batch.SelectMany(scene => scene.Questions.Select(question => (scene, question))).ToArray();
            var given = ProbeAnswer.Ask(model, [.. batch.Probes()], plans, Short, cancellation);
            for (int p = 0; p < plans.Count; p++)
                answers[p].AddRange(questions.Zip(given[p], (ask, answer) => new SceneAnswer(ask.scene.Seed, ask.question, answer.Text)));
            right += answers.Sum(list => list.TakeLast(questions.Length).Count(answer => answer.IsRight));
            asked += questions.Length * plans.Count;
            progress?.Report(new(done += batch.Length, new(right, asked)));
        }
        return [.. plans.Zip(answers, (plan, list) => new SceneAccuracy(plan, list))];
    }
}

/// <summary>How far a measurement is.</summary>
/// <param name="Scenes">Scenes that are done.</param>
/// <param name="Right">Right answers so far.</param>
public sealed record SceneProgress(int Scenes, Proportion Right);
