namespace PruneNotebooks.Models;

/// <summary>Rotary position embedding (RoFormer, arXiv:2104.09864) and how it was stretched for longer sequences.</summary>
public sealed record RopeConfig
{
    /// <summary><c>default</c> (as in the paper), <c>linear</c> (every frequency divided by <see cref="Factor"/>) or <c>llama3</c> (only the low ones).</summary>
    public required string Type { get; init; }

    /// <summary>Base of the geometric series of wavelengths.</summary>
    public required double Theta { get; init; }

    /// <summary>By how much sequences became longer; 1 for type <c>default</c>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary><c>llama3</c>: wavelengths above <see cref="OriginalMaxPositions"/> / this are divided by the whole factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary><c>llama3</c>: wavelengths below <see cref="OriginalMaxPositions"/> / this stay as they are.</summary>
    public double HighFrequencyFactor { get; init; } = 1;

    /// <summary>Longest sequence before the stretch, in tokens.</summary>
    public required int OriginalMaxPositions { get; init; }

    /// <summary>From <c>rope_parameters</c>, or from <c>rope_theta</c> and <c>rope_scaling</c> as files said before.</summary>
    internal static RopeConfig From(ConfigFields text, int maxPositions)
    {
        var fields = text.Section("rope_scaling") ?? text.Section("rope_parameters");
        var partial = fields is not null && fields.Has("partial_rotary_factor") ? fields : text;
        if (partial.Positive("partial_rotary_factor") is not (null or 1)) throw partial.Unsupported("partial_rotary_factor", "1 (the whole head turns)");
        double theta = fields?.Positive("rope_theta") ?? text.Positive("rope_theta") ?? 10000;
        string name = fields is not null && !fields.Has("rope_type") ? "type" : "rope_type";
        string type = fields?.OneOf(name, absent: "default", "default", "linear", "llama3") ?? "default";
        if (fields is null || type == "default") return new() { Type = type, Theta = theta, OriginalMaxPositions = maxPositions };
        double factor = fields.Positive("factor") ?? throw fields.Wrong("factor", "a number above 0");
        if (type == "linear") return new() { Type = type, Theta = theta, Factor = factor, OriginalMaxPositions = maxPositions };
        double low = fields.Positive("low_freq_factor") ?? throw fields.Wrong("low_freq_factor", "a number above 0");
        double high = fields.Positive("high_freq_factor") ?? throw fields.Wrong("high_freq_factor", "a number above 0");
        if (high <= low) throw fields.Wrong("high_freq_factor", $"more than low_freq_factor = {low}");
        return new()
        {
            Type = type,
            Theta = theta,
            Factor = factor,
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxPositions = fields.Size("original_max_position_embeddings") ?? throw fields.Wrong("original_max_position_embeddings", "a whole number above 0"),
        };
    }
}
