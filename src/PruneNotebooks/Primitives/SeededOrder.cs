namespace PruneNotebooks.Primitives;

/// <summary>Random choices that a seed decides, the same on every machine, device and runtime version.</summary>
public static class SeededOrder
{
    /// <summary>A uniformly random order of <c>0 .. count - 1</c> (Fisher-Yates on SplitMix64). O(N).</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    public static long[] Of(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ulong state = (ulong)seed;
        long[] order = new long[count];
        for (int i = 0; i < count; i++)
        {
            // Inside-out: the prefix is a random order of what has been seen. The high product is unbiased up to count / 2^64.
            int j = (int)Math.BigMul(Next(), (ulong)(i + 1), out _);
            order[i] = order[j];
            order[j] = i;
        }
        return order;

        ulong Next()
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
