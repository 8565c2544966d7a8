using System.Collections;
using System.Collections.Immutable;

namespace PruneNotebooks.Tokens;

/// <summary>The set of signals that a pruner needs; <c>a.And(b)</c> joins two, and a single <see cref="Signal"/> is a set of one.</summary>
public sealed class Signals : IReadOnlyCollection<Signal>
{
    readonly ImmutableHashSet<Signal> signals;

    Signals(ImmutableHashSet<Signal> signals) => this.signals = signals;

    /// <summary>Nothing but how many tokens there are and where they lie.</summary>
    public static Signals None { get; } = new([]);

    /// <summary>The features of the visual tokens, which are always there.</summary>
    public static Signals Features { get; } = new([new Signal.Features()]);

    /// <summary>Exactly these signals.</summary>
    public static Signals Of(params IEnumerable<Signal> signals) => new([.. signals]);

    /// <summary>A single signal is a set of one.</summary>
    public static implicit operator Signals(Signal signal) => Of(signal);

    /// <summary>The signals of both sets.</summary>
    public Signals And(Signals other) => new(signals.Union(other.signals));

    /// <summary>Whether this is one of the signals.</summary>
    public bool Contains(Signal signal) => signals.Contains(signal);

    /// <inheritdoc/>
    public int Count => signals.Count;

    /// <inheritdoc/>
    public IEnumerator<Signal> GetEnumerator() => signals.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => Count == 0 ? "nothing" : string.Join(", ", signals.Select(s => s.Description).Order(StringComparer.Ordinal));
}
