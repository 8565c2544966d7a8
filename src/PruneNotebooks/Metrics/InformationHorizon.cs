using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>Measures how much the visual tokens tell a model at each decoder layer, and from which layer on nothing any more.</summary>
/// <remarks>
/// <para><i>When Token Pruning is Worse than Random: Understanding Visual Token Information in VLLMs</i>, arXiv 2512.07580. At the input of layer i all
/// visual tokens leave but one window of them; what the probability of the right answer's first token gains over no visual token at all is the
/// information of the window, <c>I_i(V_k)</c>. Text has read the picture in the layers below, so this tells what is still to be read.</para>
/// <para>A prompt is read once. For a layer, all windows of all probes of a batch run together through the layers above it, over the window
/// and the text behind the picture alone; layers below never run again (<see cref="HorizonOptions"/> says what memory that takes).</para>
/// </remarks>
public static class InformationHorizon
{
    /// <summary>Measures the information of every window at every layer, and how many answers survive when all visual tokens leave.</summary>
    /// <param name="model">The model; probes show it one picture each.</param>
    /// <param name="probes">Pictures, questions, right answers.</param>
    /// <param name="options">Windows, layers, memory, journal.</param>
    /// <param name="progress">Hears after every few probes how far it is.</param>
    /// <param name="cancellation">Stops between two groups of token rows; what a journal holds is kept.</param>
    /// <exception cref="ArgumentException">There is no probe, an answer is empty, a layer does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The windows do not tile the grid of tokens.</exception>
    /// <exception cref="InvalidDataException">The journal is of another measurement.</exception>
    public static InformationMap Measure(
        Vlm model, IReadOnlyList<Probe> probes, HorizonOptions? options = null, IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RowsAtOnce, 1);
        var windows = new TokenWindows(TokenGrid.Square(model.Config.Vision.GridSide), options.WindowSize);
        var layers = Layers(options, model.Config.Text.Layers);
        var results = ProbeRun.Over(model, EncodedProbe.All(model, probes, answers: true), options.Batch,
            $"information horizon, {windows}, layers {string.Join(' ', layers)}", options.Journal,
            batch => Measure(model, batch, windows, layers, options.RowsAtOnce, cancellation), progress, cancellation);
        return new(Path.GetFileName(model.Folder), windows, layers, results);
    }

    static int[] Layers(HorizonOptions options, int all)
    {
        int[] layers = [.. options.Layers ?? [.. Enumerable.Range(0, all)]];
        bool ascending = layers.Zip(layers.Skip(1)).All(pair => pair.First < pair.Second);
        return layers.Length > 0 && ascending && layers[0] >= 0 && layers[^1] < all ? layers : throw new ArgumentException(
            $"Layers {string.Join(", ", layers)} were asked for; ascending numbers from 0 to {all - 1} are expected.", nameof(options));
    }

    static ProbeInformation[] Measure(Vlm model, EncodedProbe[] probes, TokenWindows windows, int[] layers, int rowsAtOnce, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var ablation = VisualAblation.Read(model, [.. probes.Select(probe => probe.WithAnswer())]);
        int text = probes[0].Text, count = probes.Length, all = model.Config.Text.Layers;
        var one = tensor([.. Enumerable.Range(0, windows.Count).SelectMany(windows.Tokens)], [windows.Count, windows.Size * windows.Size], ScalarType.Int64);
        var none = empty([1, 0], ScalarType.Int64);
        var answers = tensor([.. probes.SelectMany(probe => probe.Answer)], [count, probes[0].Answer.Count], ScalarType.Int64);
        var first = answers.narrow(1, 0, 1);

        float[][] alone = [.. layers.Select(layer => Probabilities(ablation.Predict(layer, one, first, text, rowsAtOnce, cancellation).LogProbability))];
        var without = Enumerable.Range(0, all + 1).Select(layer => ablation.Predict(layer, none, answers, text, rowsAtOnce, cancellation)).ToArray();
        float[][] blind = [.. without.Select(result => Probabilities(result.LogProbability.select(2, 0)))];
        bool[][] right = [.. without.Select(result => result.IsBest.all(2).cpu().data<bool>().ToArray())];
        return [.. probes.Select((probe, b) => new ProbeInformation(probe.Picture, probe.Probe.Category,
            blind[all][b],
            [.. layers.Select(layer => blind[layer][b])],
            [.. alone.SelectMany(layer => layer.AsSpan(b * windows.Count, windows.Count).ToArray())],
            [.. right.Select(layer => layer[b])]))];
    }

    static float[] Probabilities(Tensor logProbabilities) => logProbabilities.exp().cpu().data<float>().ToArray();
}
