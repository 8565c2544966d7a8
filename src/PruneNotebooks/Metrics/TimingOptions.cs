namespace PruneNotebooks.Metrics;

/// <summary>How <see cref="Timing"/> measures; the defaults are the protocol by which every published time of this project is taken.</summary>
public sealed record TimingOptions
{
    /// <summary>Rounds that are run and thrown away first, at least 1: they fill caches and choose kernels.</summary>
    public int WarmUps { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(WarmUps), value, $"A measurement needs at least 1 warm-up; it was {value}."); } = 3;

    /// <summary>Rounds that count, at least 6: the median of fewer has no 95 % interval.</summary>
    public int Runs
    {
        get;
        init => field = value >= Median.FewestForInterval ? value : throw new ArgumentOutOfRangeException(nameof(Runs), value,
            $"A measurement needs at least {Median.FewestForInterval} runs, or its median has no 95 % interval; it was {value}.");
    } = 20;

    /// <summary>Tokens that every plan generates, whatever its answer is, so that decoding compares like with like; if not given, as many as the longest dense answer has.</summary>
    public int? AnswerTokens { get; init; }

    /// <summary>Hears, before each round, how many are done and how many there are.</summary>
    public Action<int, int>? Progress { get; init; }
}
