using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>For each token a list of the tokens most similar to it, for questions about ever smaller sets: who among these is most similar to that one?</summary>
/// <remarks>A list is made when it is first asked, and again when none of it is left. Memory: 12 bytes times N times <see cref="Length"/>, and a normalised copy of the living tokens while lists are made.</remarks>
/// <param name="rows">The tokens.</param>
internal sealed class NearestLists(CosineRows rows)
{
    /// <summary>How many tokens a list has at most.</summary>
    public const int Length = 128;

    readonly (long[] Tokens, float[] Similarities, int First)[] lists = new (long[], float[], int)[rows.Count];
    readonly Standing[] standing = new Standing[rows.Count];

    enum Standing : byte { Gone, Living, Candidate }

    /// <summary>For each of some tokens, how similar the most similar of the candidates is.</summary>
    /// <param name="tokens">Tokens that ask.</param>
    /// <param name="candidates">Who may be the answer; at least one other than the token.</param>
    /// <param name="living">All tokens that will ever be asked about again; they become fewer from question to question.</param>
    public float[] Among(long[] tokens, long[] candidates, long[] living)
    {
        Array.Clear(standing);
        foreach (long token in living) standing[token] = Standing.Living;
        foreach (long token in candidates) standing[token] = Standing.Candidate;
        float[] best = new float[tokens.Length];
        List<int> open = [];
        for (int i = 0; i < tokens.Length; i++)
            if (!Look(tokens[i], out best[i])) open.Add(i);
        if (open.Count == 0) return best;
        Make([.. open.Select(i => tokens[i])], living);
        foreach (int i in open)
            if (!Look(tokens[i], out best[i])) best[i] = Scan(tokens[i], candidates);
        return best;
    }

    bool Look(long token, out float similarity)
    {
        ref var list = ref lists[token];
        similarity = 0;
        if (list.Tokens is null) return false;
        while (list.First < list.Tokens.Length && standing[list.Tokens[list.First]] == Standing.Gone) list.First++;
        for (int i = list.First; i < list.Tokens.Length; i++)
            if (standing[list.Tokens[i]] == Standing.Candidate)
            {
                similarity = list.Similarities[i];
                return true;
            }
        return false;
    }

    void Make(long[] of, long[] living)
    {
        using var scope = NewDisposeScope();
        int length = Math.Min(Length, living.Length);
        rows.ForEachBlock(tensor(of, ScalarType.Int64, rows.Device), tensor(living, ScalarType.Int64, rows.Device), (start, block) =>
        {
            var (values, places) = block.topk(length, 1);
            float[] similarities = values.cpu().data<float>().ToArray();
            long[] nearest = places.cpu().data<long>().ToArray();
            for (int row = 0; row < values.shape[0]; row++)
                lists[of[start + row]] = (Array.ConvertAll(nearest[(row * length)..((row + 1) * length)], place => living[place]), similarities[(row * length)..((row + 1) * length)], 0);
        });
    }

    // So many of the nearest are no candidates that the answer lies behind the end of a fresh list.
    float Scan(long token, long[] candidates)
    {
        using var scope = NewDisposeScope();
        return rows.MostSimilar(tensor([token], ScalarType.Int64, rows.Device), tensor(candidates, ScalarType.Int64, rows.Device)).Similarity.item<float>();
    }
}
