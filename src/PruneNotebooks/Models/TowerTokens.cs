using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The tokens of pictures on their way through the tower. Once tokens leave, there is one picture.</summary>
internal sealed class TowerTokens
{
    readonly int firstToken;

    public TowerTokens(Tensor hidden, int firstToken, TokenGrid? grid, ModelShape shape)
    {
        (Hidden, this.firstToken, Grid) = (hidden, firstToken, grid);
        (Images, Tokens) = ((int)hidden.shape[0], (int)hidden.shape[1] - firstToken);
        Places = [.. Enumerable.Range(0, Tokens).Select(i => (long)i)];
        Tables = [.. Enumerable.Range(0, Images).Select(_ => new SignalTable(shape))];
    }

    public int Images { get; }

    /// <summary>Visual tokens of a picture before any has left.</summary>
    public int Tokens { get; }

    public TokenGrid? Grid { get; }

    /// <summary><c>[B, T, D]</c>, the class token first.</summary>
    public Tensor Hidden { get; set; }

    /// <summary>The hidden states of which features are made, for the tokens that are left.</summary>
    public Dictionary<int, Tensor> States { get; } = [];

    public IReadOnlyList<long> Places { get; private set; }

    public SignalTable[] Tables { get; }

    public List<StageTrace> Stages { get; } = [];

    public Tensor Patches(Tensor hidden) => hidden.narrow(0, firstToken, hidden.shape[0] - firstToken);

    /// <summary>How many tokens each key stands for, float32 <c>[T]</c>, if a method counts them; the class token stands for itself.</summary>
    public Tensor? KeySizes() => Tables[0].Sizes is { } sizes ? cat([ones(Hidden.shape[1] - sizes.shape[0], ScalarType.Float32, sizes.device), sizes]) : null;

    public void Keep(Decision decision)
    {
        Stages.Add(decision.Trace);
        (Places, Tables[0]) = (decision.Places, decision.Signals);
        var rows = cat([Indices.UpTo(firstToken, decision.Kept.device), decision.Kept.add(((long)firstToken).ToCachedScalar())]);
        foreach (int state in States.Keys.ToArray()) States[state] = States[state].index_select(1, rows);
    }
}
