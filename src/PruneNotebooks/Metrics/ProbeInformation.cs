namespace PruneNotebooks.Metrics;

/// <summary>What one probe tells about the information of visual tokens.</summary>
/// <param name="Picture">The number of its picture, from 0.</param>
/// <param name="Category">What kind of question it is.</param>
/// <param name="Full">Probability of the answer's first token with all visual tokens in every layer.</param>
/// <param name="Text">By measured layer: that probability when no visual token is left from there on, <c>[L]</c>.</param>
/// <param name="Windows">By measured layer, then window: that probability when only this window is left, <c>[L * W]</c>.</param>
/// <param name="RightWithout">By decoder layer K from 0, and for K = number of layers: whether the whole answer is right when no visual token is left from layer K on.</param>
public sealed record ProbeInformation(
    int Picture, string Category, float Full, IReadOnlyList<float> Text, IReadOnlyList<float> Windows, IReadOnlyList<bool> RightWithout)
{
    /// <summary>What a window adds to the probability of the answer's first token at a measured layer, <c>I_i(V_k)</c>; signed.</summary>
    /// <param name="layer">Which of the measured layers, from 0.</param>
    /// <param name="window">The window.</param>
    public double Information(int layer, int window) => (double)Windows[layer * (Windows.Count / Text.Count) + window] - Text[layer];
}
