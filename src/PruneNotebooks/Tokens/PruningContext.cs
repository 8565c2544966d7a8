using static TorchSharp.torch;

namespace PruneNotebooks.Tokens;

/// <summary>What a pruner may look at: the visual tokens of one image that arrive at one stage, and the signals that were captured for them.</summary>
/// <remarks>
/// The context owns none of its tensors. Make one from your own tensors to use a method without our models:
/// <c>new PruningContext(features, grid).With(new Signal.VisionAttention(), clsAttention)</c>.
/// </remarks>
public sealed class PruningContext
{
    readonly Dictionary<Signal, Tensor> signals = [];
    readonly TokenGrid? grid;
    readonly Func<Tensor, Tensor>? projector;

    /// <summary>A context of <c>N</c> tokens.</summary>
    /// <param name="features">The tokens at this stage, float <c>[N, D]</c>, finite.</param>
    /// <param name="grid">Where the image's tokens lie; the whole grid, also after some have left.</param>
    /// <param name="places">Where on the grid each of the N tokens lies; <see langword="null"/> if all places are taken.</param>
    /// <exception cref="ArgumentException">Shapes disagree.</exception>
    public PruningContext(Tensor features, TokenGrid? grid = null, IReadOnlyList<long>? places = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.shape[0] < 1)
            throw new ArgumentException($"Features are [N, D] with at least one token; they are {features.Shape()}.", nameof(features));
        Tokens = (int)features.shape[0];
        if (places is not null && places.Count != Tokens)
            throw new ArgumentException($"{Tokens} tokens need {Tokens} places; there are {places.Count}.", nameof(places));
        if (grid is { } g && places is null && g.Count != Tokens)
            throw new ArgumentException($"A grid of {g} has {g.Count} places but there are {Tokens} tokens; say which places are taken.", nameof(grid));
        this.grid = grid;
        Places = places;
        signals[new Signal.Features()] = features;
    }

    /// <summary>How many visual tokens arrive, N.</summary>
    public int Tokens { get; }

    /// <summary>Which image of the prompt these tokens belong to, from 0.</summary>
    public int Image { get; init; }

    /// <summary>Where on the grid each token lies; ascending unless a step before changed the order; <see langword="null"/> while every place is taken.</summary>
    public IReadOnlyList<long>? Places { get; }

    /// <summary>The model's projector, from outputs of the tower <c>[..., Dv]</c> to visual tokens <c>[..., D]</c>, for methods that ask how it responds.</summary>
    /// <exception cref="InvalidOperationException">None is known.</exception>
    public Func<Tensor, Tensor> Projector
    {
        get => projector ?? throw new InvalidOperationException("This method asks how the projector responds, and none is known: give the context its Projector.");
        init => projector = value;
    }

    /// <summary>Where on the grid a token lies.</summary>
    /// <param name="token">Its index, 0 to N - 1.</param>
    public long PlaceOf(int token) => Places?[token] ?? token;

    /// <summary>How many places the image has, of which N are taken; N where no grid is known.</summary>
    /// <exception cref="InvalidOperationException">Some tokens have left, and of how many is not known.</exception>
    public int PlaceCount => grid?.Count ?? (Places is null ? Tokens : throw new InvalidOperationException("This method needs to know how many places the image has: give the context the grid of its tokens."));

    /// <summary>The tokens at this stage, <c>[N, D]</c>.</summary>
    public Tensor Features => this[new Signal.Features()];

    /// <summary>The grid, when all of its places are taken: for methods that look at neighbours.</summary>
    /// <exception cref="InvalidOperationException">The tokens do not fill a grid.</exception>
    public TokenGrid Grid => grid is { } g && (Places is null || Places.Count == g.Count)
        ? g
        : throw new InvalidOperationException(grid is null
            ? "This method looks at neighbours on the token grid, and no grid is known for these tokens."
            : $"This method looks at neighbours on the whole token grid; only {Tokens} of {grid.Value.Count} tokens have arrived here. Use it before other stages.");

    /// <summary>Adds a signal.</summary>
    /// <returns>This context, for chaining.</returns>
    public PruningContext With(Signal signal, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(value);
        if (signal.TokenAxis is { } axis && (axis >= value.dim() || value.shape[axis < 0 ? value.shape.Length + axis : axis] != Tokens))
            throw new ArgumentException($"There are {Tokens} tokens, but {signal.Description} is {value.Shape()}.", nameof(value));
        signals[signal] = value;
        return this;
    }

    /// <summary>A context of the same tokens whose signals have other values; this one stays as it is.</summary>
    /// <param name="change">From a signal and its value to the new value.</param>
    public PruningContext Changed(Func<Signal, Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var copy = new PruningContext(change(new Signal.Features(), Features), grid, Places) { Image = Image, Projector = projector! };
        foreach (var (signal, value) in signals)
            if (signal is not Signal.Features) copy.With(signal, change(signal, value));
        return copy;
    }

    /// <summary>A signal that was captured.</summary>
    /// <exception cref="MissingSignalException">It was not.</exception>
    public Tensor this[Signal signal] => signals.TryGetValue(signal, out var value) ? value : throw new MissingSignalException(signal);

    /// <summary>Whether a signal was captured.</summary>
    public bool Has(Signal signal) => signals.ContainsKey(signal);
}

/// <summary>A pruner asked for a signal that nobody captured.</summary>
public sealed class MissingSignalException(Signal signal) : InvalidOperationException(
    $"The method asked for {signal.Description}, which was not captured. Add it to the method's Needs so that the model computes it, or give it with PruningContext.With(...).")
{
    /// <summary>The signal that is missing.</summary>
    public Signal Signal { get; } = signal;
}
