namespace PruneNotebooks.Scenes;

/// <summary>The random numbers of one scene: SplitMix64 (Steele, Lea and Flood 2014), the same on every machine and in every version.</summary>
internal sealed class SceneRandom
{
    ulong _state;

    public SceneRandom(ulong seed)
    {
        // SplitMix64 walks through its states by a constant step: unless the seed is hashed first, neighbouring seeds can share a stream.
        ulong hash = (seed + 0x5851F42D4C957F2D) * 0xD6E8FEB86659FD93;
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93;
        hash = (hash ^ (hash >> 32)) * 0xCA5A826395121157;
        _state = hash ^ (hash >> 29);
        Next();
        Next();
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)((Next() >> 33) % (ulong)count);

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Brings the items into random order (Fisher-Yates, from the end).</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (int last = items.Count - 1; last > 0; last--)
        {
            int other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
