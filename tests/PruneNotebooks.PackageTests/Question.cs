using System.Text.RegularExpressions;

namespace PruneNotebooks.PackageTests;

/// <summary>The same question, about the same picture and with half of the visual tokens, as a program and a notebook ask it.</summary>
static partial class Question
{
    /// <summary>What a program imports; a notebook has these names already.</summary>
    public const string Names =
        """
        using PruneNotebooks.Models;
        using PruneNotebooks.Pruners;
        using PruneNotebooks.Scenes;
        using PruneNotebooks.Tokens;
        using TorchSharp;

        """;

    /// <summary>Asks and prints one line.</summary>
    public const string Code =
        """
        var model = Vlm.Load("scene-llava");
        var scene = Scenes.Draw(seed: 7);
        var question = scene.Questions.First(q => q.Kind == QuestionKind.Colour);
        var answer = model.Answer(scene.Image, question.Text, PruningPlan.At(Stage.Projector, new DivPrune(), keep: 0.5));
        Console.WriteLine($"{question.Text} {answer.Text}, right is {question.Answer}; {answer.Trace.KeptVisualTokens} of {answer.Trace.AllVisualTokens} tokens stayed");

        """;

    /// <summary>The package of libtorch for this platform.</summary>
    public const string LibTorchVersion = "2.10.0";

    public static string LibTorch => $"libtorch-cpu-{(OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64")}";

    /// <summary>The answer is right, and half of the tokens left.</summary>
    public static void IsAnswered(string line) => Assert.Matches(RightWithHalf(), line);

    [GeneratedRegex(@"^what colour is the \w+ \? (\w+), right is \1; 72 of 144 tokens stayed$")]
    private static partial Regex RightWithHalf();
}
