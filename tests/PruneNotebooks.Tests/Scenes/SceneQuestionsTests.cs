using CsCheck;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class SceneQuestionsTests
{
    static readonly Gen<Scene> AnyScene = Gen.ULong.Select(seed => Scenes.Draw(seed));

    // Answers every question again from the objects alone, by the words of the question.
    [Fact]
    public void Every_answer_is_true_of_the_objects() => AnyScene.Sample(scene =>
    {
        foreach (var question in scene.Questions) Assert.Equal(Answer(scene, question.Text), question.Answer);
    }, iter: 500);

    static string Answer(Scene scene, string question)
    {
        string[] words = question.Split(' ');
        switch (words)
        {
            case ["what", "colour", "is", "the", ..]: return Word(Only(scene, words[4..^1]).Colour);
            case ["what", "shape", "is", "the", ..]: return Word(Only(scene, words[4..^1]).Shape);
            case ["how", "many", ..]: return scene.Objects.Count(o => Fits(o, words[2..^1])).ToString();
            case ["is", "there", "a", ..]: return scene.Objects.Any(o => Fits(o, words[3..^1])) ? "yes" : "no";
            case ["where", "is", "the", ..]:
                var placed = Only(scene, words[3..^1]);
                return $"{new[] { "top", "middle", "bottom" }[placed.Row]} {new[] { "left", "center", "right" }[placed.Column]}";
            case ["what", "is", var direction, ..]:
                var from = Only(scene, words[(Array.IndexOf(words, "the") + 1)..^1]);
                var nearest = scene.Objects.Where(o => direction switch
                {
                    "left" => o.Row == from.Row && o.X + o.Size <= from.X,
                    "right" => o.Row == from.Row && o.X >= from.X + from.Size,
                    "above" => o.Column == from.Column && o.Y + o.Size <= from.Y,
                    _ => o.Column == from.Column && o.Y >= from.Y + from.Size,
                }).MinBy(o => Math.Abs(o.CentreX - from.CentreX) + Math.Abs(o.CentreY - from.CentreY))!;
                return $"{Word(nearest.Colour)} {Word(nearest.Shape)}";
            case ["read", "the", "text", "."]: return string.Join(' ', scene.Characters.Select(c => c.Symbol));
            default: throw new InvalidOperationException($"No such question: {question}");
        }
    }

    static SceneObject Only(Scene scene, string[] words) => Assert.Single(scene.Objects, o => Fits(o, words));

    static bool Fits(SceneObject o, string[] words) => words.All(word =>
        word is "thing" or "things" || word == Word(o.Colour) || word == Word(o.Shape) || word == Word(o.Shape) + "s" || word == Word(o.Shape) + "es");

    static string Word<T>(T value) => value!.ToString()!.ToLowerInvariant();

    [Fact]
    public void A_scene_asks_no_question_twice() => AnyScene.Sample(scene =>
        Assert.Equal(scene.Questions.Count, scene.Questions.DistinctBy(question => question.Text).Count()), iter: 500);

    [Fact]
    public void The_mix_bounds_every_kind_and_only_the_mix()
    {
        var mix = new QuestionMix(Colour: 0, Shape: 1, Count: 1, Exists: 0, Relation: 99, Where: 0, Text: 1);
        foreach (var scene in Scenes.DrawMany(0, 50, new() { Questions = mix }))
        {
            var counts = scene.Questions.CountBy(question => question.Kind).ToDictionary();
            foreach (var kind in Enum.GetValues<QuestionKind>()) Assert.InRange(counts.GetValueOrDefault(kind), 0, mix[kind]);
            Assert.Equal(1, counts[QuestionKind.Count]);
        }
    }

    [Fact]
    public void A_negative_number_of_questions_is_refused_with_its_kind()
    {
        var mix = QuestionMix.Evaluation with { Where = -2 };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Scenes.Draw(1, new() { Questions = mix }));
        Assert.Equal(("Where", (object)-2), (error.ParamName, error.ActualValue));
    }

    [Fact]
    public void An_unknown_presence_of_text_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Scenes.Draw(1, new() { Text = (TextPresence)9 }));
}
