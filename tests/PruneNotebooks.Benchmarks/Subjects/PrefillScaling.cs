using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Whether reading a prompt becomes faster as its visual tokens become fewer: the embedded model's prefill.</summary>
internal static class PrefillScaling
{
    /// <summary>The prefill with so many visual tokens.</summary>
    /// <param name="Tokens">Visual tokens that reach the decoder, all of them in the first row.</param>
    /// <param name="Flops">Operations of one prompt's prefill.</param>
    /// <param name="Milliseconds">Median time of one batch.</param>
    /// <param name="SpeedUp">Over the first row, from round to round.</param>
    internal sealed record Row(int Tokens, double Flops, double Milliseconds, double SpeedUp);

    static readonly int[] Budgets = [144, 72, 36, 18];

    /// <summary>Measures all budgets in turn.</summary>
    /// <param name="batch">Prompts that are read together, each about its own scene.</param>
    public static IReadOnlyList<Row> Measure(int batch)
    {
        using var model = Vlm.Load("scene-llava", TorchSharp.torch.CPU);
        Prompt[] prompts = [.. Scenes.Scenes.HeldOut(batch).Select(scene => model.Ask("what colour is the circle ?", scene.Image))];
        PruningTrace Read(int keep) => model.Answer(prompts, PruningPlan.At(Stage.Projector, new RandomTokens(), keep), new() { MaxTokens = 1 })[0].Trace;
        var timing = InterleavedTiming.Measure([.. Budgets.Select(keep => (Func<double>)(() => Read(keep).Times.Prefill.TotalMilliseconds))]);
        return [.. Budgets.Select((keep, i) => new Row(keep, Read(keep).Cost.PrefillFlops, timing.Median(i), timing.Ratio(0, i).Median))];
    }
}
