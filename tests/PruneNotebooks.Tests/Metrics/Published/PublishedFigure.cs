using System.Globalization;
using System.Text.Json;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Tests.Models.Shapes;

namespace PruneNotebooks.Tests.Metrics.Published;

/// <summary>A number that a paper or its code prints, with the formula that should give it and what goes into the formula.</summary>
sealed record PublishedFigure(JsonElement Json)
{
    static readonly Dictionary<string, NetworkShape> Published = PublishedModels.Names.ToDictionary(name => name, PublishedModels.Shape);

    public string Id => Text("id");

    public string Quantity => Text("quantity");

    public string Formula => Text("formula");

    /// <summary><c>null</c> if the source gives the formula and no number.</summary>
    public string? Printed => Json.GetProperty("printed").GetString();

    /// <summary>The formula's value as it was computed once before, independently.</summary>
    public double Computed => Json.GetProperty("computed").GetDouble();

    /// <summary><c>exact</c>, <c>off</c> (the printed number does not follow from the formula) or <c>computed</c> (none is printed).</summary>
    public string Status => Text("status");

    /// <summary>A number that goes into the formula: of the setting, or of the model.</summary>
    public double this[string name] => Find(name) ?? throw new InvalidDataException($"Figure {Id} says no '{name}'.");

    public int Whole(string name) => (int)this[name];

    public double? Find(string name) => Json.GetProperty("inputs").TryGetProperty(name, out var value) || (Json.TryGetProperty("model", out var model) && model.TryGetProperty(name, out value)) ? value.GetDouble() : null;

    /// <summary>The numbers <c>name_1</c>, <c>name_2</c> ...</summary>
    public IReadOnlyList<double> Each(string name) => [.. Enumerable.Range(1, 99).Select(i => Find($"{name}_{i}")).TakeWhile(value => value is not null).Select(value => value!.Value)];

    /// <summary>Tokens by layer, from the layers and tokens of the segments.</summary>
    public IReadOnlyList<int> TokensByLayer => [.. Each("layers").Zip(Each("tokens")).SelectMany(segment => Enumerable.Repeat((int)segment.Second, (int)segment.First))];

    /// <summary>The decoder that is meant, with its size from a published configuration.</summary>
    public DecoderShape Decoder => (PublishedModel() ?? throw new InvalidDataException($"Figure {Id}: no published configuration has a decoder of that size.")).Decoder!;

    /// <summary>The tower that is meant, from a published configuration where there is one (none has DeiT-T's).</summary>
    public TowerShape Tower => PublishedModel()?.Tower ?? new TowerShape
    {
        Blocks = Whole("layers"), BlocksUsed = Whole("layers"), Block = Block, PatchSize = Whole("patch"), OtherParameters = 0,
        PatchEmbedding = new(3 * Whole("patch") * Whole("patch"), Whole("hidden"), Bias: true),
    };

    public bool HasModel => Json.TryGetProperty("model", out _);

    /// <summary>The name of the published configuration whose tower or decoder has the size that the figure is about.</summary>
    public string? ModelName => Published.FirstOrDefault(model => IsMeant(model.Value)).Key;

    bool IsMeant(NetworkShape model)
    {
        var (layers, block) = Find("patch") is null ? (model.Decoder?.Layers, model.Decoder?.Block) : (model.Tower?.Blocks, model.Tower?.Block);
        return block is not null && layers == Whole("layers") && block with { Vectors = 0, Gated = false } == Block;
    }

    /// <summary>The paper's count of a decoder's FLOPs, with the feed-forward matrices that its formula has.</summary>
    public PublishedFlops Count => PublishedFlops.Of(Decoder) with { FeedForwardMatrices = Formula.Contains("3*n*d*m", StringComparison.Ordinal) ? 3 : 2 };

    /// <summary>A value as the source would print it: rounded or cut, with its number of decimals.</summary>
    public string AsPrinted(double value)
    {
        string rounding = Text("rounding");
        int decimals = rounding.EndsWith("integer", StringComparison.Ordinal) ? 0 : int.Parse(rounding.Split(' ')[1], CultureInfo.InvariantCulture);
        if (rounding.StartsWith("truncated", StringComparison.Ordinal)) value = Math.Truncate(value * Math.Pow(10, decimals)) / Math.Pow(10, decimals);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    BlockShape Block => new(Whole("hidden"), Whole("heads"), Whole("kv_heads"), Whole("head_dim"), Whole("intermediate"), Gated: false);

    NetworkShape? PublishedModel() => ModelName is { } name ? Published[name] : null;

    string Text(string name) => Json.GetProperty(name).GetString()!;
}
