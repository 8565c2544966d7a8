using System.Diagnostics;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>The information of visual tokens by layer and window: a whole forward pass for each, beside one reading of the prompts that the upper layers start from.</summary>
internal static class HorizonComparisons
{
    const int Probes = 4, WindowSize = 4;

    public static IEnumerable<Comparison> All => [new("information horizon", $"scene-llava, 10 layers x 9 windows, {Probes} questions", Map)];

    /// <summary>Seconds that a whole map takes: 10 layers x 36 windows.</summary>
    public static double Seconds(int questions)
    {
        using var model = Vlm.Load("scene-llava", CPU);
        var probes = Scenes.Scenes.HeldOut(questions).Probes().Take(questions).ToList();
        InformationHorizon.Measure(model, [.. probes.Take(4)]);
        long start = Stopwatch.GetTimestamp();
        InformationHorizon.Measure(model, probes);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static Pair Map()
    {
        var model = Vlm.Load("scene-llava", CPU);
        // Prompts of one length, so that padding costs neither way anything.
        var probes = Scenes.Scenes.HeldOut(Probes).Select(scene => new[] { scene }.Probes().First(probe => probe.Category == nameof(QuestionKind.Exists))).ToList();
        return new Pair(() => Naive(model, probes), () => Ours(model, probes), Agreement.Close(1e-3), model);
    }

    static Tensor Ours(Vlm model, IReadOnlyList<Probe> probes)
    {
        var map = InformationHorizon.Measure(model, probes, new() { WindowSize = WindowSize });
        return tensor(map.Rows().Select(row => row.Information).ToArray()).view(Probes, -1);
    }

    static Tensor Naive(Vlm model, IReadOnlyList<Probe> probes)
    {
        EncodedPrompt[] prompts = [.. probes.Select(probe => model.Encode(model.Ask(probe.Question, probe.Image)))];
        long[] answers = [.. probes.Select(probe => model.Tokenizer.Encode(probe.Answer, addSpecialTokens: false)[0])];
        var windows = new TokenWindows(TokenGrid.Square(model.Config.Vision.GridSide), WindowSize);
        List<Tensor> rows = [];
        for (int layer = 0; layer < model.Config.Text.Layers; layer++)
        {
            var none = Probability(PruningPlan.None.ThenWithdraw(Stage.Decoder(layer)));
            for (int window = 0; window < windows.Count; window++)
            {
                long[] kept = windows.Tokens(window);
                rows.Add(Probability(PruningPlan.At(Stage.Decoder(layer), new GivenTokens([kept]), kept.Length)) - none);
            }
        }
        return stack(rows, 1).to(ScalarType.Float64);

        Tensor Probability(PruningPlan plan)
        {
            using var read = model.Prefill(prompts, plan);
            return read.Logits.softmax(-1).gather(1, tensor(answers).unsqueeze(1)).squeeze(1);
        }
    }
}
