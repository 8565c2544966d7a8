namespace PruneNotebooks.Primitives;

/// <summary>A symmetric table of similarities on the host, of which only the part above the diagonal is kept: what holds for (i, j) holds for (j, i) to the bit.</summary>
/// <param name="upper"><c>[N, N]</c> row by row; what is on and below the diagonal is not looked at.</param>
/// <param name="count">N.</param>
internal sealed class PairTable(float[] upper, int count)
{
    /// <summary>Raises what each token has met so far to its similarity to one more token, and notes the partner where that is higher.</summary>
    /// <param name="token">The token that all others meet, 0 to N - 1.</param>
    /// <param name="similarity">By token: similarity to the most similar one it has met, <c>[N]</c>.</param>
    /// <param name="partner">By token: which one that is, <c>[N]</c>.</param>
    /// <param name="name">What to call the token in <paramref name="partner"/>.</param>
    public void Meet(int token, float[] similarity, long[] partner, long name)
    {
        for (int i = 0; i < count; i++)
        {
            if (i == token) continue;
            float met = i < token ? upper[(i * count) + token] : upper[(token * count) + i];
            if (met > similarity[i]) (similarity[i], partner[i]) = (met, name);
        }
    }

    /// <summary>For each token the most similar other one: how similar, and which.</summary>
    public (float[] Similarity, long[] Partner) Nearest()
    {
        float[] similarity = new float[count];
        long[] partner = new long[count];
        Array.Fill(similarity, float.NegativeInfinity);
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++)
            {
                float met = upper[(i * count) + j];
                if (met > similarity[i]) (similarity[i], partner[i]) = (met, j);
                if (met > similarity[j]) (similarity[j], partner[j]) = (met, i);
            }
        return (similarity, partner);
    }
}
