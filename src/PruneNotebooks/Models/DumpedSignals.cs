using System.Globalization;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Signals that another program wrote to a safetensors file, so that every method works on its tensors too.</summary>
/// <remarks>
/// N visual tokens of one image; H heads; S = N, or N + 1 with the class token first; T tokens of the prompt. Any floating-point type, finite numbers.
/// <list type="table">
/// <item><term><c>features</c></term><description><c>[N, D]</c> the visual tokens at the stage</description></item>
/// <item><term><c>text_features</c></term><description><c>[Q, D]</c> the question's tokens</description></item>
/// <item><term><c>vision_features</c></term><description><c>[N, Dv]</c> output of a layer of the vision tower</description></item>
/// <item><term><c>cls_attention</c></term><description><c>[H, N]</c> attention of the tower's class token</description></item>
/// <item><term><c>vision_attention_received</c></term><description><c>[H, N]</c> mean attention that each patch receives from all of the tower's tokens</description></item>
/// <item><term><c>vision_attention</c></term><description><c>[H, S, S]</c> the tower's whole attention, from which the two above are taken</description></item>
/// <item><term><c>last_token_attention</c></term><description><c>[H, N]</c> attention of the prompt's last token in the decoder</description></item>
/// <item><term><c>text_attention</c></term><description><c>[H, Q, N]</c> attention of the question's tokens</description></item>
/// <item><term><c>decoder_attention_received</c></term><description><c>[H, N]</c> mean attention that each visual token receives from all tokens</description></item>
/// <item><term><c>decoder_attention</c></term><description><c>[H, T, T]</c> the decoder's whole attention, from which the three above are taken; the metadata <c>visual_start</c> says where the N tokens start</description></item>
/// <item><term><c>decoder_queries</c>, <c>decoder_keys</c>, <c>decoder_values</c></term><description><c>[H, N, d]</c> states of the visual tokens by head, after rotary embedding</description></item>
/// <item><term><c>decoder_hidden</c></term><description><c>[H, N, d]</c> a layer's output behind the final norm, cut into heads</description></item>
/// </list>
/// What belongs to a layer comes in one of three forms: as above, for a method that reads a single layer; with all layers in front, <c>[L, ...]</c>;
/// or one tensor per layer with its 0-based number, as <c>cls_attention.22</c>. In the last form the metadata <c>vision_layers</c> or
/// <c>decoder_layers</c> gives L where a method names its layer by depth or from the end. The metadata <c>feature_layer</c> is the tower's layer
/// that the tokens come from, negative from the end; -2 if not given, as in LLaVA-1.5.
/// </remarks>
public sealed class DumpedSignals
{
    readonly SafetensorsFile file;
    readonly string name;
    readonly int? tokens;

    /// <summary>Takes the signals of a file.</summary>
    /// <param name="file">The file; it stays the caller's.</param>
    /// <param name="name">What to call it in an error.</param>
    /// <param name="tokens">N, if known; else it is read off the tensors.</param>
    public DumpedSignals(SafetensorsFile file, string name, int? tokens = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        (this.file, this.name) = (file, name);
        this.tokens = tokens ?? TokensOfTensors();
    }

    /// <summary>What the tensor is called from which a signal is taken; the shorter one if there are two.</summary>
    public static string NameOf(Signal signal) => signal switch
    {
        Signal.Features => "features",
        Signal.TextFeatures => "text_features",
        _ => DumpedForm.Of(signal, 1, () => 0) is [var form, ..] ? form.Name : signal.Description,
    };

    /// <summary>What a method may look at, with every signal that it needs.</summary>
    /// <param name="needs">What it needs.</param>
    /// <param name="stage">Where it is used: decides which layer is the one before.</param>
    /// <param name="grid">How the tokens lie; if not given, a square where N is a square number.</param>
    /// <returns>The context; its tensors belong to the dispose scope of the caller.</returns>
    /// <exception cref="InvalidDataException">A tensor is missing, has another type or shape, or holds something else than finite numbers; the message names it.</exception>
    public PruningContext Context(Signals needs, Stage stage, TokenGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(needs);
        if ((grid?.Count ?? tokens) is not { } n || n < 1)
            throw new InvalidDataException($"'{name}' does not say how many visual tokens there are: add the tensor 'features' [N, D], or give the grid.");
        if (grid is null && Math.Sqrt(n) is var side && double.IsInteger(side)) grid = TokenGrid.Square((int)side);
        // A method that does not look at features still needs to know how many there are.
        var features = needs.Contains(new Signal.Features()) || file.Tensors.ContainsKey("features") ? Named("features", n, 2, t => t.shape[0] == n, "[N, D]") : zeros(n, 0);
        var context = new PruningContext(features, grid);
        foreach (var signal in needs)
            if (signal is not Signal.Features) context.With(signal, Find(signal, stage, n));
        return context;
    }

    Tensor Find(Signal signal, Stage stage, int n)
    {
        if (signal is Signal.TextFeatures) return Named("text_features", n, 2, _ => true, "[Q, D]");
        var forms = DumpedForm.Of(signal, n, VisualStart);
        var (layer, vision) = signal switch
        {
            Signal.OfLayer s => (s.Layer, s.InTower),
            _ => throw new NotSupportedException($"There is no tensor name for {signal.Description} yet."),
        };
        foreach (var form in forms)
            if (OfLayer(form, layer, vision, stage, n) is { } tensor) return Taken(form, tensor);
        throw new InvalidDataException(
            $"'{name}' lacks {signal.Description}: add a tensor {string.Join(" or ", forms.Select(form => $"'{form.Name}' {form.Shape}"))}. It has {Names()}.");
    }

    Tensor Taken(DumpedForm form, Tensor tensor)
    {
        try
        {
            return form.Take(tensor);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{name}': {e.Message}", e);
        }
    }

    Tensor? OfLayer(DumpedForm form, Layer layer, bool vision, Stage stage, int n)
    {
        var numbered = file.Tensors.Keys.Where(key => key.StartsWith(form.Name + ".", StringComparison.Ordinal) && int.TryParse(key[(form.Name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _)).ToList();
        if (numbered.Count > 0)
        {
            int layers = Number(vision ? "vision_layers" : "decoder_layers") ?? throw new InvalidDataException(
                $"'{name}' has '{numbered[0]}', but its metadata do not say how many layers the model has: add '{(vision ? "vision_layers" : "decoder_layers")}'.");
            return Named($"{form.Name}.{Index(layer, layers, vision, stage)}", n, form.Dimensions, form.Fits, form.Shape);
        }
        if (!file.Tensors.TryGetValue(form.Name, out var entry)) return null;
        if (entry.Shape.Length == form.Dimensions) return Named(form.Name, n, form.Dimensions, form.Fits, form.Shape);
        if (entry.Shape.Length != form.Dimensions + 1) throw Wrong(form.Name, entry, form.Shape, n);
        int at = Index(layer, (int)entry.Shape[0], vision, stage);
        return Checked(form.Name, Read(form.Name).select(0, at), form.Fits, form.Shape, n, entry);
    }

    int VisualStart() => Number("visual_start") ?? throw new InvalidDataException(
        $"'{name}' has the decoder's whole attention, but its metadata do not say at which position the visual tokens start: add 'visual_start'.");

    int Index(Layer layer, int layers, bool vision, Stage stage)
    {
        int features = Number("feature_layer") ?? -2;
        return layer.Resolve(layers, vision ? features < 0 ? layers + features : features : -1, stage.Layer);
    }

    Tensor Named(string tensor, int n, int dimensions, Predicate<Tensor> fits, string shape)
    {
        if (!file.Tensors.TryGetValue(tensor, out var entry))
            throw new InvalidDataException($"'{name}' lacks the tensor '{tensor}' {shape}. It has {Names()}.");
        return entry.Shape.Length == dimensions ? Checked(tensor, Read(tensor), fits, shape, n, entry) : throw Wrong(tensor, entry, shape, n);
    }

    Tensor Read(string tensor)
    {
        var type = file.Tensors[tensor].DType;
        return type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64
            ? file.Read(tensor)
            : throw new InvalidDataException($"'{name}': tensor '{tensor}' holds {SafetensorsTypes.Name(type)}; F32, F64, F16 or BF16 is expected.");
    }

    Tensor Checked(string tensor, Tensor value, Predicate<Tensor> fits, string shape, int n, SafetensorsEntry entry)
    {
        if (!fits(value)) throw Wrong(tensor, entry, shape, n);
        using var scope = NewDisposeScope();
        var bad = value.isfinite().logical_not_();
        if (!bad.any().ToBoolean()) return value;
        var place = bad.nonzero()[0];
        string index = string.Join(", ", place.data<long>().ToArray());
        double what = value.index([.. place.data<long>().ToArray().Select(i => TensorIndex.Single(i))]).to(ScalarType.Float64).item<double>();
        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"'{name}': tensor '{tensor}' holds {what} at [{index}]; only finite numbers can be ranked."));
    }

    InvalidDataException Wrong(string tensor, SafetensorsEntry entry, string shape, int n) =>
        new($"'{name}': tensor '{tensor}' is [{string.Join(", ", entry.Shape)}]; {shape} with N = {n} is expected, for each layer if there are several.");

    int? Number(string key) => !file.Metadata.TryGetValue(key, out string? text) ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
        : throw new InvalidDataException($"'{name}': the metadata '{key}' is '{text}'; a whole number is expected.");

    int? TokensOfTensors()
    {
        if (file.Tensors.TryGetValue("features", out var features) && features.Shape.Length == 2) return (int)features.Shape[0];
        string[] perToken = ["cls_attention", "vision_attention_received", "last_token_attention", "text_attention", "decoder_attention_received"];
        var known = file.Tensors.Values.FirstOrDefault(entry => entry.Shape.Length >= 2 && perToken.Any(form => entry.Name == form || entry.Name.StartsWith(form + ".", StringComparison.Ordinal)));
        return known is null ? null : (int)known.Shape[^1];
    }

    string Names() => file.Tensors.Count == 0 ? "no tensor" : string.Join(", ", file.Tensors.Keys.Order(StringComparer.Ordinal).Take(8)) + (file.Tensors.Count > 8 ? " ..." : "");
}
