using System.Collections.Concurrent;
using TorchSharp;

namespace PruneNotebooks.Runtime;

/// <summary>Scalars that live as long as the process.</summary>
/// <remarks>
/// <c>tensor * 0.5</c> makes a temporary <see cref="Scalar"/> that nothing keeps alive during the native call; in a hot loop the
/// finalizer may free it while it is in use. Write <c>tensor * 0.5.ToCachedScalar()</c> there.
/// </remarks>
public static class Scalars
{
    static readonly ConcurrentDictionary<double, Scalar> Doubles = new();
    static readonly ConcurrentDictionary<long, Scalar> Longs = new();

    /// <summary>The floating-point scalar of that value, made once and kept.</summary>
    public static Scalar ToCachedScalar(this double value) => Doubles.GetOrAdd(value, static v => v.ToScalar());

    /// <summary>The integer scalar of that value, made once and kept.</summary>
    public static Scalar ToCachedScalar(this long value) => Longs.GetOrAdd(value, static v => v.ToScalar());

    /// <inheritdoc cref="ToCachedScalar(long)"/>
    public static Scalar ToCachedScalar(this int value) => ToCachedScalar((long)value);
}
