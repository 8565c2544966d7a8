namespace PruneNotebooks.Runtime;

/// <summary>Where this library keeps files that it can make again: <c>~/.cache/PruneNotebooks</c>, or in <c>XDG_CACHE_HOME</c> if that is set.</summary>
static class CacheFolder
{
    /// <summary>The folder for one kind of file; it need not be there.</summary>
    public static string Of(string kind)
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            cache = home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
        }
        return Path.Combine(cache, "PruneNotebooks", kind);
    }
}
