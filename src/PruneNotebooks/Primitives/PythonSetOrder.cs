namespace PruneNotebooks.Primitives;

/// <summary>The order in which CPython (3.7 to 3.12) walks through a set of small whole numbers: published results depend on it where authors keep indices in a set.</summary>
public static class PythonSetOrder
{
    const int LinearProbes = 9, PerturbShift = 5;

    /// <summary>The numbers in the order of the hash table into which they were put one by one.</summary>
    /// <param name="numbers">0 or more, none twice.</param>
    /// <exception cref="ArgumentException">A number is negative or occurs twice.</exception>
    public static long[] Of(IReadOnlyList<long> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Any(number => number < 0) || numbers.Distinct().Count() != numbers.Count)
            throw new ArgumentException($"Numbers of a set are 0 or more and none occurs twice; they are {string.Join(", ", numbers)}.", nameof(numbers));
        long?[] slots = new long?[8];
        for (int filled = 1; filled <= numbers.Count; filled++)
        {
            Insert(slots, numbers[filled - 1]);
            if (5 * filled >= 3 * (slots.Length - 1)) slots = Grown(slots, filled);
        }
        return [.. slots.OfType<long>()];
    }

    static long?[] Grown(long?[] slots, int filled)
    {
        int size = 8;
        while (size <= 4 * filled) size *= 2;
        long?[] larger = new long?[size];
        foreach (long number in slots.OfType<long>()) Insert(larger, number);
        return larger;
    }

    static void Insert(long?[] slots, long number)
    {
        long mask = slots.Length - 1, slot = number & mask, perturb = number;
        while (true)
        {
            long last = slot + LinearProbes <= mask ? slot + LinearProbes : slot;
            for (long probe = slot; probe <= last; probe++)
            {
                if (slots[probe] is not null) continue;
                slots[probe] = number;
                return;
            }
            perturb >>= PerturbShift;
            slot = (5 * slot + 1 + perturb) & mask;
        }
    }
}
