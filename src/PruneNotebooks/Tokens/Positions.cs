namespace PruneNotebooks.Tokens;

/// <summary>Which position ids the tokens have after others have left; papers differ, and models care.</summary>
public enum Positions
{
    /// <summary>Every token keeps its original position, gaps stay, and new tokens continue after the last original position (FastV).</summary>
    Keep,

    /// <summary>From the stage on, the living tokens are numbered 0, 1, 2 ... and new tokens continue from there, as if the prompt were shorter (FasterVLM, HiPrune, DivPrune).</summary>
    Renumber,
}
