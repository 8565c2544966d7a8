using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models.Shapes;

/// <summary>A picture or a film as a model takes it in.</summary>
/// <param name="Crops">How often the tower runs: a picture and its tiles, or the frames of a film.</param>
/// <param name="Patches">Rows and columns of patches in each crop.</param>
/// <param name="Tokens">Visual tokens that the decoder gets of all of them.</param>
public sealed record VisualInput(int Crops, TokenGrid Patches, int Tokens);
