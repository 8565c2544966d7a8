namespace PruneNotebooks.Tokens;

/// <summary>A place on the way from image to answer where tokens may leave.</summary>
public readonly record struct Stage : IComparable<Stage>
{
    /// <summary>The rooms that tokens pass, in this order.</summary>
    public enum Part
    {
        /// <summary>The picture itself, before the tower sees it.</summary>
        Picture,

        /// <summary>Inside the vision tower.</summary>
        Vision,

        /// <summary>Behind the vision tower, before the projector.</summary>
        Tower,

        /// <summary>After the projector, before the first decoder layer.</summary>
        Projector,

        /// <summary>Inside the decoder.</summary>
        Decoder,
    }

    Stage(Part where, int layer, bool inside = false) => (Where, Layer, Inside) = (where, layer, inside);

    /// <summary>In which part of the model.</summary>
    public Part Where { get; }

    /// <summary>At the input of which layer of that part, 0-based; 0 for tower and projector.</summary>
    public int Layer { get; }

    /// <summary>Whether it is inside of that layer, between its attention and its feed-forward part, rather than at its input.</summary>
    public bool Inside { get; }

    /// <summary>The picture itself: where it may be made smaller, so that the tower makes fewer tokens of it.</summary>
    public static Stage Picture { get; } = new(Part.Picture, 0);

    /// <summary>Behind the vision tower, before the projector: what stays or was merged there is projected (VisionZip, PruMerge).</summary>
    public static Stage Tower { get; } = new(Part.Tower, 0);

    /// <summary>After the projector, before the first decoder layer: where most methods prune.</summary>
    public static Stage Projector { get; } = new(Part.Projector, 0);

    /// <summary>At the input of a layer of the vision tower, 0-based. The class token always stays.</summary>
    public static Stage Vision(int layer) => new(Part.Vision, NotNegative(layer));

    /// <summary>Inside a layer of the vision tower, 0-based, between attention and feed-forward part: where Token Merging works. The class token always stays.</summary>
    public static Stage VisionInside(int layer) => new(Part.Vision, NotNegative(layer), inside: true);

    /// <summary>At the input of a decoder layer, 0-based: layers <c>0 .. layer-1</c> see all tokens. FastV's K.</summary>
    public static Stage Decoder(int layer) => new(Part.Decoder, NotNegative(layer));

    /// <inheritdoc/>
    public int CompareTo(Stage other) => (Where, Layer, Inside).CompareTo((other.Where, other.Layer, other.Inside));

    /// <summary>Whether tokens pass <paramref name="a"/> before <paramref name="b"/>.</summary>
    public static bool operator <(Stage a, Stage b) => a.CompareTo(b) < 0;

    /// <summary>Whether tokens pass <paramref name="a"/> after <paramref name="b"/>.</summary>
    public static bool operator >(Stage a, Stage b) => a.CompareTo(b) > 0;

    /// <summary>Whether tokens pass <paramref name="a"/> before <paramref name="b"/>, or they are the same.</summary>
    public static bool operator <=(Stage a, Stage b) => a.CompareTo(b) <= 0;

    /// <summary>Whether tokens pass <paramref name="a"/> after <paramref name="b"/>, or they are the same.</summary>
    public static bool operator >=(Stage a, Stage b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Where switch
    {
        Part.Vision => Inside ? $"inside vision layer {Layer}" : $"vision layer {Layer}",
        Part.Picture => "picture",
        Part.Tower => "tower",
        Part.Decoder => $"decoder layer {Layer}",
        _ => "projector",
    };

    static int NotNegative(int layer) => layer >= 0
        ? layer
        : throw new ArgumentOutOfRangeException(nameof(layer), layer, $"A layer index counts from 0; it was {layer}.");
}
