using System.Globalization;
using MathNet.Numerics.Random;
using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>Where the attention of a model's text goes, layer by layer: what <see cref="Measure"/> gives.</summary>
/// <param name="Model">The model that was measured.</param>
/// <param name="Grid">The grid of visual tokens.</param>
/// <param name="Queries">Whose attention it is.</param>
/// <param name="Probes">What each probe gave.</param>
public sealed record AttentionProfile(string Model, TokenGrid Grid, Queries Queries, IReadOnlyList<ProbeAttention> Probes)
{
    /// <summary>Number of decoder layers.</summary>
    public int Layers => Probes[0].Layers.Count;

    /// <summary>Measures attention on prompts, mean over heads. Every prompt is read once; attention is made explicit only for the rows that are looked at.</summary>
    /// <param name="model">The model; probes show it one picture each. Answers are not used.</param>
    /// <param name="probes">Pictures and questions; 200 or more for a trend to rely on.</param>
    /// <param name="queries">The last token of the prompt, or the mean over the text behind the picture.</param>
    /// <param name="batch">Probes that are read together: <c>batch * layers * heads * rows * prompt</c> numbers are held.</param>
    /// <param name="journal">A file to write results to as they come and to go on from; none if not given.</param>
    /// <param name="progress">Hears after every batch how far it is.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ArgumentException">There is no probe, or other queries were asked for.</exception>
    public static AttentionProfile Measure(
        Vlm model, IReadOnlyList<Probe> probes, Queries queries = Queries.LastToken, int batch = 16, string? journal = null,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        if (queries is not (Queries.LastToken or Queries.Text))
            throw new ArgumentException($"The attention of {queries} was asked for; {Queries.LastToken} or {Queries.Text} is expected.", nameof(queries));
        var results = ProbeRun.Over(model, EncodedProbe.All(model, probes, answers: false), batch, $"attention of {queries}", journal,
            some => Look(model, some, queries), progress, cancellation);
        return new(Path.GetFileName(model.Folder), TokenGrid.Square(model.Config.Vision.GridSide), queries, results);
    }

    static IEnumerable<ProbeAttention> Look(Vlm model, EncodedProbe[] probes, Queries queries)
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name.StartsWith("decoder.attention.", StringComparison.Ordinal), queries == Queries.LastToken ? 1 : probes[0].Text);
        using var read = model.Prefill([.. probes.Select(probe => probe.Prompt)], recorder: recorder);
        var image = probes[0].Prompt.Layout.Images[0];
        var layers = Enumerable.Range(0, model.Config.Text.Layers).Select(layer => recorder[$"decoder.attention.{layer}"].mean([1, 2])).ToArray();
        var numbers = stack(layers, 1).cpu();       // [B, L, T]
        int count = (int)numbers.shape[2];
        float[] all = numbers.data<float>().ToArray();
        return [.. probes.Select((probe, b) => new ProbeAttention(probe.Picture, probe.Probe.Category,
            [.. Enumerable.Range(b * layers.Length, layers.Length).Select(row => LayerAttention.Of(all.AsSpan(row * count, count), image))]))];
    }

    /// <summary>The shares of attention in a layer, mean over the probes.</summary>
    public AttentionShares Shares(int layer) => AttentionShares.Mean(Probes.Select(probe => probe.Layers[layer].Shares));

    /// <summary>Mean attention to each visual token in a layer, <c>[N]</c>; sums to the share of the picture.</summary>
    public double[] ByToken(int layer) => Array.ConvertAll(Sum(Probes, layer), sum => sum / Probes.Count);

    /// <summary>Mean attention to each row of visual tokens in a layer, from the top; sums to the share of the picture.</summary>
    public double[] ByRow(int layer)
    {
        double[] rows = new double[Grid.Height];
        foreach (var (token, attention) in ByToken(layer).Index()) rows[Grid.Row(token)] += attention;
        return rows;
    }

    /// <summary>The share of a layer's attention to the picture that goes to its lower half; one half without a lean.</summary>
    public double LowerHalf(int layer)
    {
        double[] rows = ByRow(layer);
        // The middle row of an odd number counts half.
        return rows.Select((row, i) => row * Math.Clamp(2 * (i + 1) - Grid.Height, 0, 2) / 2).Sum() / rows.Sum();
    }

    /// <summary>The trend of a layer's attention over the places of the visual tokens, with the interval of its sigma if it has one.</summary>
    /// <param name="layer">The layer, 0-based.</param>
    /// <param name="form">The form of the trend.</param>
    public AttentionBias Bias(int layer, TrendForm form = TrendForm.Exponential)
    {
        using var samples = tensor([.. Probes.SelectMany(probe => probe.Layers[layer].Visual)], [Probes.Count, Grid.Count]);
        var bias = AttentionBias.Fit(samples, form);
        return bias.Sigma is null ? bias : bias with { SigmaInterval = SigmaInterval(layer, form) };
    }

    /// <summary>The same measurement with the attention to visual tokens divided by a trend: what <c>Debiased(method, trend)</c> lets a method see. Shares stay as they were.</summary>
    /// <param name="trend">The trend, best one that was fitted to other pictures.</param>
    /// <exception cref="ArgumentException">The trend is for another number of tokens.</exception>
    public AttentionProfile Debiased(PositionTrend trend)
    {
        ArgumentNullException.ThrowIfNull(trend);
        double[] weights = trend.Weights(Grid.Count);
        return this with { Probes = [.. Probes.Select(probe => probe with { Layers = [.. probe.Layers.Select(layer => layer with { Visual = [.. layer.Visual.Zip(weights, (attention, weight) => (float)(attention * weight))] })] })] };
    }

    /// <summary>The 95 % interval of the sigma of a layer's trend, by drawing pictures again.</summary>
    /// <param name="layer">The layer, 0-based.</param>
    /// <param name="form">One of the two exponentials.</param>
    /// <param name="seed">Makes it repeatable.</param>
    /// <param name="resamples">How often to draw.</param>
    public Interval SigmaInterval(int layer, TrendForm form = TrendForm.Exponential, int seed = 0, int resamples = 200)
    {
        // What a picture adds to the sum over probes; drawing pictures again is then a sum of these.
        var pictures = Probes.GroupBy(probe => probe.Picture).Select(group => (Count: group.Count(), Sum: Sum(group, layer))).ToArray();
        var random = new MersenneTwister(seed, threadSafe: false);
        double[] sigmas = new double[resamples];
        for (int resample = 0; resample < resamples; resample++)
        {
            double[] mean = new double[Grid.Count];
            int count = 0;
            for (int draw = 0; draw < pictures.Length; draw++)
            {
                var (probes, sum) = pictures[random.Next(pictures.Length)];
                count += probes;
                for (int i = 0; i < mean.Length; i++) mean[i] += sum[i];
            }
            for (int i = 0; i < mean.Length; i++) mean[i] /= count;
            sigmas[resample] = AttentionBias.Of(count, mean, form).Sigma!.Value;
        }
        Array.Sort(sigmas);
        return new(sigmas[(int)(0.025 * resamples)], sigmas[(int)(0.975 * (resamples - 1))]);
    }

    /// <summary>Such as "scene-llava, 200 probes: 78 % of the attention of LastToken on the picture in the last layer".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Model}, {Probes.Count} probes: {100 * Shares(0).Visual:0} % of the attention of {Queries.Words()} on the picture in the first layer, {100 * Shares(Layers - 1).Visual:0} % in the last");

    double[] Sum(IEnumerable<ProbeAttention> probes, int layer)
    {
        double[] sum = new double[Grid.Count];
        foreach (var probe in probes)
            for (int i = 0; i < sum.Length; i++) sum[i] += probe.Layers[layer].Visual[i];
        return sum;
    }
}

/// <summary>Where the attention of one prompt goes.</summary>
/// <param name="Picture">The number of its picture, from 0.</param>
/// <param name="Category">What kind of question it is.</param>
/// <param name="Layers">By decoder layer.</param>
public sealed record ProbeAttention(int Picture, string Category, IReadOnlyList<LayerAttention> Layers);

/// <summary>Where the attention of one prompt goes in one layer.</summary>
/// <param name="Shares">By part of the prompt.</param>
/// <param name="Visual">To each visual token, <c>[N]</c>.</param>
public sealed record LayerAttention(AttentionShares Shares, IReadOnlyList<float> Visual)
{
    internal static LayerAttention Of(ReadOnlySpan<float> attention, VisualSpan image)
    {
        double before = 0, visual = 0, behind = 0;
        for (int i = 0; i < attention.Length; i++)
            if (i == 0 && image.Start > 0) continue;
            else if (i < image.Start) before += attention[i];
            else if (i < image.Start + image.Length) visual += attention[i];
            else behind += attention[i];
        return new(new(image.Start > 0 ? attention[0] : 0, before, visual, behind), attention.Slice(image.Start, image.Length).ToArray());
    }
}

/// <summary>Attention by part of the prompt; sums to 1.</summary>
/// <param name="First">To the first token, where attention that has nowhere to go gathers (a sink).</param>
/// <param name="Before">To the other text before the picture.</param>
/// <param name="Visual">To the picture.</param>
/// <param name="Behind">To the text behind the picture.</param>
public sealed record AttentionShares(double First, double Before, double Visual, double Behind)
{
    internal static AttentionShares Mean(IEnumerable<AttentionShares> shares)
    {
        AttentionShares[] all = [.. shares];
        return new(all.Average(s => s.First), all.Average(s => s.Before), all.Average(s => s.Visual), all.Average(s => s.Behind));
    }
}
