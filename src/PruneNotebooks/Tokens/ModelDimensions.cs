namespace PruneNotebooks.Tokens;

/// <summary>How many tokens and layers a model has: what a schedule over layers needs to know.</summary>
/// <param name="Tokens">Visual tokens of an image.</param>
/// <param name="VisionLayers">Layers of the vision tower.</param>
/// <param name="FeatureLayer">Which of them gives the visual tokens, 0-based.</param>
/// <param name="DecoderLayers">Layers of the decoder.</param>
public sealed record ModelDimensions(int Tokens, int VisionLayers, int FeatureLayer, int DecoderLayers)
{
    /// <summary>LLaVA-1.5-7B, on which most methods were published.</summary>
    public static ModelDimensions Llava15 { get; } = new(576, 24, 22, 32);

    /// <summary>The layer of the decoder that lies as deep as a layer of a published one.</summary>
    /// <param name="layer">The 0-based layer of the published decoder.</param>
    /// <param name="of">How many layers that has.</param>
    /// <returns><c>round(layer * L / of)</c>, at least 1 for what is not the first, at most the last.</returns>
    public int DecoderLayer(int layer, int of = 32) => Math.Clamp((int)Math.Round((double)layer * DecoderLayers / of), Math.Min(layer, 1), DecoderLayers - 1);
}
