using PruneNotebooks.Models;
using TorchSharp;

namespace PruneNotebooks.Bench;

/// <summary>How a benchmark runs.</summary>
public sealed record BenchOptions
{
    // What the KV caches of probes that are answered together may take.
    const double CacheBytes = 512e6;

    const int AnswersTogether = 1000, LeastBatch = 12, MostBatch = 64;

    // Below that, one operation is too little work for several threads.
    const int SmallHiddenSize = 512, MostWorkers = 8;

    /// <summary>The longest answer, in tokens.</summary>
    public int MaxTokens { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxTokens), value, "An answer needs room for at least 1 token."); } = 32;

    /// <summary>How many probes are answered together, and written down together; chosen by the size of the model if not given.</summary>
    public int? Batch { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "At least 1 probe is answered at a time."); }

    /// <summary>A file that answers are written to as they come and read from before: a run that was cut off, or that asks for more, goes on from there.</summary>
    public string? Journal { get; init; }

    /// <summary>How many batches are answered at a time, each on its own thread and share of the cores; chosen if not given: one for each core where the model is small and computes on the CPU, else one.</summary>
    public int? Workers { get; init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "At least 1 batch is answered at a time."); }

    internal int WorkersFor(Vlm model) => Workers ?? (model.Compute.Device.type == DeviceType.CPU && model.Config.Text.HiddenSize <= SmallHiddenSize ? Math.Min(torch.get_num_threads(), MostWorkers) : 1);

    // Answers of one batch are written down together: with many plans, or few probes, a batch is smaller, but never so small that pictures are looked at again for every question.
    internal int BatchFor(Vlm model, int probes, int plans)
    {
        var text = model.Config.Text;
        double prompt = 2.0 * text.Layers * text.KeyValueHeads * text.HeadSize * sizeof(float) * (model.VisualTokensPerImage + 64);
        int wanted = Math.Clamp(Math.Min(AnswersTogether / plans, probes / (2 * WorkersFor(model))), LeastBatch, MostBatch);
        return Batch ?? Math.Clamp((int)(CacheBytes / prompt), 1, wanted);
    }
}
