using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>The way of one picture's tokens under one plan: which of them left at which step.</summary>
/// <param name="Name">What the plan is called where several are compared.</param>
/// <param name="Tokens">Tokens before any step.</param>
/// <param name="Steps">What each step did, in order.</param>
/// <param name="DecoderLayers">How many decoder layers the tokens went through; 0 if there was no decoder.</param>
sealed record TokenPath(string Name, int Tokens, IReadOnlyList<StageTrace> Steps, int DecoderLayers)
{
    public static TokenPath Of(PruningTrace trace, int number)
    {
        StageTrace[] steps = [.. trace.Stages.Where(step => step.Image == number)];
        string name = steps.Length == 0 ? "all tokens" : string.Join(", then ", steps.Select(Method));
        return new(name, trace.Images[number].Tokens, steps, trace.Alive.Count);
    }

    public static TokenPath Of(TokenSelection selection, Stage stage)
    {
        long[] all = [.. Enumerable.Range(0, selection.Tokens).Select(token => (long)token)];
        var step = new StageTrace { Stage = stage, Pruner = null, Image = 0, Arrived = all, Kept = selection.Kept, Scores = selection.Scores };
        return new(selection.Features is null ? "selection" : "selection with merged features", selection.Tokens, [step], DecoderLayers: 0);
    }

    /// <summary>Who decided at a step.</summary>
    public static string Method(StageTrace step) => step.Pruner is { } pruner ? MethodText.Short(pruner) : "given";

    /// <summary>The tokens that were left at the end.</summary>
    public IReadOnlyList<long> Kept => Steps.Count > 0 ? Steps[^1].Kept : [.. Enumerable.Range(0, Tokens).Select(token => (long)token)];

    /// <summary>For each token the step at which it left; -1 for those that stayed.</summary>
    public int[] LeftAt()
    {
        var left = new int[Tokens];
        Array.Fill(left, -1);
        for (int step = 0; step < Steps.Count; step++)
            foreach (long token in Steps[step].Arrived.Except(Steps[step].Kept)) left[token] = step;
        return left;
    }

    public override string ToString() => Steps.Count == 0
        ? $"all {Tokens} tokens stay"
        : string.Join("; ", Steps.Select(step => $"{step.Stage} {step.Arrived.Count} → {step.Kept.Count}"));
}
