using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class SceneAccuracyTests
{
    // Right everywhere but in the given kind.
    static SceneAccuracy AllBut(QuestionKind? wrong, int scenes = 20) => new(
        PruningPlan.None,
        [.. Scenes.HeldOut(scenes).SelectMany(scene => scene.Questions.Select(question =>
            new SceneAnswer(scene.Seed, question, question.Kind == wrong ? "nothing" : question.Answer)))]);

    [Fact]
    public void Accuracies_by_kind_add_up_to_the_whole()
    {
        var accuracy = AllBut(QuestionKind.Count);
        Assert.Equal(Enum.GetValues<QuestionKind>(), accuracy.ByKind.Keys);
        Assert.All(accuracy.ByKind, kind => Assert.Equal(kind.Key == QuestionKind.Count ? 0 : 1, kind.Value.Value));
        Assert.Equal(accuracy.All, accuracy.ByKind.Values.Aggregate((sum, kind) => sum + kind));
        Assert.Equal(accuracy.ByKind[QuestionKind.Where], accuracy[QuestionKind.Where]);
        Assert.Equal(60, accuracy[QuestionKind.Count].Count);
    }

    [Fact]
    public void The_change_since_a_baseline_is_that_of_the_questions_that_changed()
    {
        var (full, pruned) = (AllBut(null), AllBut(QuestionKind.Count));
        var change = pruned.Since(full);
        Assert.Equal((0, 60, full.Answers.Count), (change.Gained, change.Lost, change.Count));
        Assert.Equal(pruned.All.Value - full.All.Value, change.Value, tolerance: 1e-12);
        Assert.True(change.Interval.Contains(change.Value));
        Assert.Equal(-1, pruned.Since(full, QuestionKind.Count).Value);
        Assert.Equal(0, pruned.Since(full, QuestionKind.Colour).Value);
    }

    [Fact]
    public void Measurements_on_different_questions_cannot_be_compared() =>
        Assert.Equal("baseline", Assert.Throws<ArgumentException>(() => AllBut(null, 20).Since(AllBut(null, 19))).ParamName);

    [Fact]
    public void The_interval_over_scenes_holds_the_accuracy()
    {
        var accuracy = AllBut(QuestionKind.Count);
        Assert.True(accuracy.IntervalOverScenes().Contains(accuracy.All.Value));
        Assert.Equal(new Interval(1, 1), AllBut(null).IntervalOverScenes());
    }

    [Fact]
    public void It_reads_as_a_table()
    {
        var accuracy = AllBut(QuestionKind.Count, scenes: 1);
        Assert.Equal(
            ["no pruning", "Shape     100.0 % [34.2, 100.0] of 2", "Count     0.0 % [0.0, 56.1] of 3", "All       76.9 % [49.7, 91.8] of 13"],
            accuracy.ToString().Split('\n').Where(line => line.Split(' ')[0] is "no" or "Shape" or "Count" or "All"));
    }
}
