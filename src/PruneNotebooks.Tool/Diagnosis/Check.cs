namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>How well something is.</summary>
enum Health
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something does not work, or not as well as it could; all else does.</summary>
    Warn,

    /// <summary>Something that is needed is missing.</summary>
    Bad,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Topic">What.</param>
/// <param name="Health">How well it is.</param>
/// <param name="Finding">What was found.</param>
/// <param name="NextStep">What to do about it; <see langword="null"/> if nothing.</param>
sealed record Check(string Topic, Health Health, string Finding, string? NextStep = null)
{
    public static Check Ok(string topic, string finding) => new(topic, Health.Ok, finding);

    /// <summary>The innermost message of an exception: where the cause stands.</summary>
    public static string Cause(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ");
}
