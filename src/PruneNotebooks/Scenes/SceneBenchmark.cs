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
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scenes);
        List<SceneAnswer> answers = [];
        int done = 0, right = 0;
        foreach (var batch in scenes.Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            var asked = batch.SelectMany(scene => scene.Questions.Select(question => (scene, question))).ToArray();
            var given = model.Answer([.. asked.Select(ask => model.Ask(ask.question.Text, ask.scene.Image))], plan, Short, cancellation);
            answers.AddRange(asked.Zip(given, (ask, answer) => new SceneAnswer(ask.scene.Seed, ask.question, answer.Text)));
            right += answers.TakeLast(asked.Length).Count(answer => answer.IsRight);
            progress?.Report(new(done += batch.Length, new(right, answers.Count)));
        }
        return new(plan ?? PruningPlan.None, answers);
    }
}

/// <summary>How far a measurement is.</summary>
/// <param name="Scenes">Scenes that are done.</param>
/// <param name="Right">Right answers so far.</param>
public sealed record SceneProgress(int Scenes, Proportion Right);
