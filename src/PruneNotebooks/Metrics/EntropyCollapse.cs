using System.Globalization;
using MathNet.Numerics.Random;
using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>The layer at which the matrix entropy of the visual tokens collapses: where pruning becomes cheap.</summary>
/// <remarks>
/// <i>EntropyPrune</i>, arXiv 2602.17196: "a sharp and consistent drop" of <see cref="MatrixEntropy.OfLayer"/>. Sharp is the largest drop from one hidden state to the next,
/// after the mean over pictures; consistent is <see cref="Persists"/>. Layer l of the result is the first decoder layer whose input has collapsed.
/// </remarks>
public sealed record EntropyCollapse
{
    /// <summary>Finds it.</summary>
    /// <param name="entropies">By picture, 32 or more for a result to rely on: the entropy of hidden states 0 (embeddings) to L (output of the last layer).</param>
    /// <param name="seed">Makes <see cref="Support"/> repeatable.</param>
    /// <param name="resamples">How often to draw the pictures again.</param>
    /// <exception cref="ArgumentException">No picture, fewer than two hidden states, or another number of them in some picture.</exception>
    public EntropyCollapse(IReadOnlyList<IReadOnlyList<double>> entropies, int seed = 0, int resamples = 2000)
    {
        ArgumentNullException.ThrowIfNull(entropies);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (entropies.Count == 0 || entropies[0].Count < 2)
            throw new ArgumentException("A collapse needs at least one picture with the entropies of two hidden states or more.", nameof(entropies));
        int states = entropies[0].Count;
        for (int i = 0; i < entropies.Count; i++)
            if (entropies[i].Count != states || entropies[i].Any(entropy => !double.IsFinite(entropy)))
                throw new ArgumentException($"Picture {i} has {entropies[i].Count(double.IsFinite)} finite entropies of {entropies[i].Count}; {states}, as in picture 0, are expected.", nameof(entropies));
        ByPicture = [.. entropies];
        Entropy = Mean(entropies, Enumerable.Range(0, Pictures));
        Drop = Drops(Entropy);
        Layer = 1 + LargestDrop(Entropy);
        Persists = DoesPersist(Entropy, Layer - 1);
        Support = Pictures == 1 ? new Dictionary<int, double>() : Resample(entropies, seed, resamples);
    }

    /// <summary>Measures the matrix entropy of a model's visual tokens in every layer, and finds where it collapses.</summary>
    /// <remarks>Visual tokens do not see the question that follows them, so there is none to choose: entropy is a property of the picture.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="pictures">The pictures; 32 or more for a result to rely on.</param>
    /// <param name="batch">Pictures that are read together: <c>batch * layers * tokens * width</c> numbers are held.</param>
    /// <param name="seed">Makes <see cref="Support"/> repeatable.</param>
    /// <param name="journal">A file to write results to as they come and to go on from; none if not given.</param>
    /// <param name="progress">Hears after every batch how far it is.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ArgumentException">There is no picture.</exception>
    public static EntropyCollapse Measure(
        Vlm model, IReadOnlyList<RgbImage> pictures, int batch = 16, int seed = 0, string? journal = null,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        Probe[] probes = [.. pictures.Select(picture => new Probe(picture, "", ""))];
        return new(ProbeRun.Over(model, EncodedProbe.All(model, probes, answers: false), batch, "layer entropy", journal,
            some => Entropies(model, some), progress, cancellation), seed);
    }

    static IEnumerable<IReadOnlyList<double>> Entropies(Vlm model, EncodedProbe[] probes)
    {
        using var scope = NewDisposeScope();
        using var recorder = new ActivationRecorder(name => name.StartsWith("decoder.hidden.", StringComparison.Ordinal));
        using var read = model.Prefill([.. probes.Select(probe => probe.Prompt)], recorder: recorder);
        var image = probes[0].Prompt.Layout.Images[0];
        return [.. probes.Select((_, b) => (double[])[.. Enumerable.Range(0, model.Config.Text.Layers + 1)
            .Select(layer => MatrixEntropy.OfLayer(recorder[$"decoder.hidden.{layer}"][b].narrow(0, image.Start, image.Length)))])];
    }

    /// <summary>How many pictures were averaged.</summary>
    public int Pictures => ByPicture.Count;

    /// <summary>By picture: the entropy of hidden states 0 to L.</summary>
    public IReadOnlyList<IReadOnlyList<double>> ByPicture { get; }

    /// <summary>Mean entropy of hidden states 0 to L, <c>[L + 1]</c>.</summary>
    public IReadOnlyList<double> Entropy { get; }

    /// <summary>What entropy each layer takes away, <c>[L]</c>: <c>Entropy[l] - Entropy[l + 1]</c>.</summary>
    public IReadOnlyList<double> Drop { get; }

    /// <summary>The 95 % interval of the mean entropy of a hidden state, from picture to picture.</summary>
    public Interval EntropyInterval(int state) => Bootstrap.Mean([.. ByPicture.Select(picture => picture[state])]);

    /// <summary>The 95 % interval of what a layer takes away, from picture to picture.</summary>
    public Interval DropInterval(int layer) => Bootstrap.Mean([.. ByPicture.Select(picture => picture[layer] - picture[layer + 1])]);

    /// <summary>The entropy collapse layer, 1 to L, 0-based like <c>Stage.Decoder(l)</c>: one more than the layer with the largest drop (the first of them). L: only the last layer's output has collapsed.</summary>
    public int Layer { get; }

    /// <summary>Whether entropy stays down: the mean from the collapse on is below the middle of the drop, and it is a drop.</summary>
    public bool Persists { get; }

    /// <summary>How sure it is: by layer, the share of bootstrap resamples of the pictures that have their largest drop there. Empty for a single picture.</summary>
    public IReadOnlyDictionary<int, double> Support { get; }

    /// <summary>The layer with the largest of those drops that persist; <see langword="null"/> if none does.</summary>
    public int? PersistentLayer =>
        Enumerable.Range(0, Drop.Count).Where(l => DoesPersist(Entropy, l)).OrderByDescending(l => Drop[l]).Select(l => (int?)(1 + l)).FirstOrDefault();

    /// <summary>Such as "entropy collapses at layer 2 (0.83 to 0.42, persistent, 97 % of resamples)".</summary>
    public override string ToString() => !(Drop[Layer - 1] > 0) ? "entropy does not collapse: no layer takes any away" : string.Create(CultureInfo.InvariantCulture,
        $"entropy collapses at layer {Layer} ({Entropy[Layer - 1]:0.00} to {Entropy[Layer]:0.00}, {(Persists ? "persistent" : "not persistent")}{(Support.TryGetValue(Layer, out double share) ? $", {100 * share:0} % of resamples" : "")})");

    static double[] Mean(IReadOnlyList<IReadOnlyList<double>> entropies, IEnumerable<int> pictures)
    {
        double[] sum = new double[entropies[0].Count];
        int count = 0;
        foreach (int picture in pictures)
        {
            for (int l = 0; l < sum.Length; l++) sum[l] += entropies[picture][l];
            count++;
        }
        return Array.ConvertAll(sum, s => s / count);
    }

    static double[] Drops(IReadOnlyList<double> entropy) => [.. Enumerable.Range(0, entropy.Count - 1).Select(l => entropy[l] - entropy[l + 1])];

    static int LargestDrop(IReadOnlyList<double> entropy)
    {
        double[] drops = Drops(entropy);
        return Array.IndexOf(drops, drops.Max());
    }

    static bool DoesPersist(IReadOnlyList<double> entropy, int drop) =>
        entropy[drop] > entropy[drop + 1] && entropy.Skip(drop + 1).Average() < (entropy[drop] + entropy[drop + 1]) / 2;

    static Dictionary<int, double> Resample(IReadOnlyList<IReadOnlyList<double>> entropies, int seed, int resamples)
    {
        var random = new MersenneTwister(seed, threadSafe: false);
        return Enumerable.Range(0, resamples)
            .Select(_ => 1 + LargestDrop(Mean(entropies, Enumerable.Range(0, entropies.Count).Select(_ => random.Next(entropies.Count)))))
            .GroupBy(layer => layer).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => (double)group.Count() / resamples);
    }
}
