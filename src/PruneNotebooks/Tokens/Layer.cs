using System.Globalization;

namespace PruneNotebooks.Tokens;

/// <summary>A transformer layer, named the way a paper names it; becomes a 0-based index once the model is known.</summary>
public readonly record struct Layer
{
    enum Naming { Features, Index, FromEnd, Depth, BeforeStage, AtStage }

    readonly Naming naming;
    readonly double value;

    Layer(Naming naming, double value) => (this.naming, this.value) = (naming, value);

    /// <summary>The layer whose output becomes the visual tokens (LLaVA-1.5: the second last of the tower). The default.</summary>
    public static Layer Features => default;

    /// <summary>The layer just before the stage at which the pruner runs (FastV's layer K - 1).</summary>
    public static Layer BeforeStage => BeforeStageBy(1);

    /// <summary>A layer counted back from the stage at which the pruner runs: 1 is the one just before it.</summary>
    public static Layer BeforeStageBy(int distance) => distance >= 1
        ? new(Naming.BeforeStage, distance)
        : throw new ArgumentOutOfRangeException(nameof(distance), distance, $"The layer just before the stage is 1 before it; it was {distance}. The stage's own layer is Layer.AtStage.");

    /// <summary>The layer at the stage itself: the decoder layer that the tokens that stay are about to enter, seen as if all that arrive entered it (PyramidDrop); at <see cref="Stage.VisionInside"/> the block that is running.</summary>
    public static Layer AtStage => new(Naming.AtStage, 0);

    /// <summary>The last layer.</summary>
    public static Layer Last => FromEnd(1);

    /// <summary>A layer by its 0-based index.</summary>
    public static Layer Index(int index) => index >= 0
        ? new(Naming.Index, index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"A layer index counts from 0; it was {index}. Use Layer.FromEnd to count from the end.");

    /// <summary>A layer by its 1-based number, as most papers count.</summary>
    public static Layer Number(int number) => number >= 1
        ? Index(number - 1)
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"A layer number counts from 1; it was {number}.");

    /// <summary>A layer counted from the end: 1 is the last, 2 the second last (Python's -2).</summary>
    public static Layer FromEnd(int distance) => distance >= 1
        ? new(Naming.FromEnd, distance)
        : throw new ArgumentOutOfRangeException(nameof(distance), distance, $"The last layer is 1 from the end; it was {distance}.");

    /// <summary>The layer at a fraction of the depth: number <c>round(fraction * L)</c>, at least 1; 9/24 is the 9th of 24 layers and the 2nd of 5.</summary>
    public static Layer AtDepth(double fraction) => fraction is > 0 and <= 1
        ? new(Naming.Depth, fraction)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"A depth is a fraction above 0 and at most 1; it was {fraction.ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>The 0-based index of this layer.</summary>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="features">Index of the layer that <see cref="Features"/> means; negative if there is none.</param>
    /// <param name="stage">The layer at whose input the pruner runs; negative outside of layers.</param>
    /// <exception cref="ArgumentException">There is no such layer here.</exception>
    public int Resolve(int layers, int features = -1, int stage = -1)
    {
        int index = naming switch
        {
            Naming.Index => (int)value,
            Naming.FromEnd => layers - (int)value,
            Naming.Depth => Math.Max(1, (int)Math.Round(value * layers)) - 1,
            Naming.BeforeStage => stage - (int)value,
            Naming.AtStage => stage,
            _ => features,
        };
        return index >= 0 && index < layers ? index : throw new ArgumentException(naming == Naming.BeforeStage
            ? $"This method reads a layer before its stage: use it at Stage.Decoder(k) with k of {(int)value} or more."
            : $"There is no {this} among {layers} layers.");
    }

    /// <inheritdoc/>
    public override string ToString() => naming switch
    {
        Naming.Index => $"layer {(int)value + 1}",
        Naming.FromEnd => value == 1 ? "last layer" : $"layer {(int)value} from the end",
        Naming.Depth => string.Create(CultureInfo.InvariantCulture, $"layer at depth {value:0.###}"),
        Naming.BeforeStage => value == 1 ? "layer before the stage" : $"layer {(int)value} before the stage",
        Naming.AtStage => "layer at the stage",
        _ => "feature layer",
    };
}
