using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of a model, part by part, from its <c>config.json</c> alone: what it weighs and what it costs, whether or not this library can run it.</summary>
/// <remarks>
/// Model types: llava, llava_next, llava_onevision, qwen2_vl, qwen2_5_vl, qwen3_vl, internvl, idefics3, smolvlm; the towers vit, deit and dinov2;
/// the language models llama, mistral, qwen2, qwen3, gpt2 and gpt_neox. Fields that a file leaves out have the reference library's values.
/// </remarks>
/// <example><code>
/// var shape = NetworkShape.Read("Qwen2.5-VL-7B-Instruct/config.json");
/// var cost = shape.Cost(shape.Picture(1092, 1092), textTokens: 40, answerTokens: 20);
/// </code></example>
public sealed record NetworkShape
{
    /// <summary>The reference library's name of the architecture, e.g. <c>qwen2_5_vl</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The vision tower; <see langword="null"/> for a language model.</summary>
    public TowerShape? Tower { get; init; }

    /// <summary>What makes visual tokens of patches; <see langword="null"/> if there is nothing to make them for.</summary>
    public ProjectorShape? Projector { get; init; }

    /// <summary>The language model; <see langword="null"/> for a tower alone.</summary>
    public DecoderShape? Decoder { get; init; }

    /// <summary>From the tower's class token (and distillation token) to classes.</summary>
    public IReadOnlyList<LinearShape> Classifiers { get; init; } = [];

    /// <summary>All weights, as many as the published files hold.</summary>
    public long Parameters => (Tower?.Parameters ?? 0) + (Projector?.Parameters ?? 0) + (Decoder?.Parameters ?? 0) + Classifiers.Sum(head => head.Parameters);

    internal PictureRule? Rule { get; init; }

    /// <summary>Reads the size of a model.</summary>
    /// <param name="path">A <c>config.json</c>, or a folder that has one. A <c>preprocessor_config.json</c> beside it, if there is one, sets the bounds of what <see cref="Picture"/> says.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not JSON, or a field makes no sense; file and field are named.</exception>
    /// <exception cref="NotSupportedException">The file describes a model whose size is not known here.</exception>
    public static NetworkShape Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? Path.Combine(path, "config.json") : path, bounds = Path.Combine(Path.GetDirectoryName(file)!, "preprocessor_config.json");
        var shape = From(ConfigFields.Open(file));
        return shape.Rule is { } rule && File.Exists(bounds) ? shape with { Rule = rule.Bounded(ConfigFields.Open(bounds)) } : shape;
    }

    /// <summary>What this model makes of one picture: crops, patches, visual tokens.</summary>
    /// <param name="height">Pixels of the picture, from top to bottom.</param>
    /// <param name="width">Pixels of the picture, from left to right.</param>
    /// <remarks>As the reference library's image processor does it, with the bounds of the published models unless a <c>preprocessor_config.json</c> had others.</remarks>
    /// <exception cref="NotSupportedException">The model sees no pictures.</exception>
    public VisualInput Picture(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return (Rule ?? throw new NotSupportedException($"A model of type {ModelType} sees no pictures.")).See(height, width);
    }

    /// <summary>What a prompt and its answer cost.</summary>
    /// <param name="input">What the model sees, from <see cref="Picture"/> or made by hand.</param>
    /// <param name="textTokens">Prompt tokens that are not visual.</param>
    /// <param name="answerTokens">Tokens of the answer.</param>
    /// <param name="plan">Where visual tokens leave; none do if <see langword="null"/>. Budgets count the tokens of all crops together.</param>
    /// <param name="bytesPerNumber">Bytes of a weight, an activation and a cached number; 2 for float16.</param>
    public CostReport Cost(VisualInput input, int textTokens, int answerTokens = 1, PruningPlan? plan = null, int bytesPerNumber = 2) =>
        CostReport.Of(this, input, textTokens, answerTokens, plan ?? PruningPlan.None, bytesPerNumber);

    internal static NetworkShape From(ConfigFields fields) => fields.Text("model_type") switch
    {
        "llava" or "llava_next" or "llava_onevision" => LlavaShapes.Read(fields),
        "qwen2_vl" or "qwen2_5_vl" or "qwen3_vl" => QwenShapes.Read(fields),
        "internvl" or "idefics3" or "smolvlm" => TiledShapes.Read(fields),
        "vit" or "deit" or "dinov2" => ClassifierShapes.Read(fields),
        { } type when DecoderShapes.Knows(type) => new() { ModelType = type, Decoder = DecoderShapes.Read(fields, type, fields.Flag("tie_word_embeddings")) },
        null => throw fields.Wrong("model_type", "the name of an architecture, e.g. \"llava\""),
        _ => throw fields.Unsupported("model_type", "llava, llava_next, llava_onevision, qwen2_vl, qwen2_5_vl, qwen3_vl, internvl, idefics3, smolvlm, vit, deit, dinov2, " + string.Join(", ", DecoderShapes.Names)),
    };
}
