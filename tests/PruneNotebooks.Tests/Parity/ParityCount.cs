namespace PruneNotebooks.Tests.Parity;

/// <summary>Counts the parity files of a run, for the line at its end.</summary>
static class ParityCount
{
    static int passed, failed;

    public static void Run(Action check)
    {
        try
        {
            check();
            Interlocked.Increment(ref passed);
        }
        catch
        {
            Interlocked.Increment(ref failed);
            throw;
        }
    }

    public static string Line => $"parity: {passed + failed + ReferenceModels.WithoutImplementation} cases found, {passed} passed, {failed} failed, {ReferenceModels.WithoutImplementation} without implementation";

    public static bool Any => passed + failed > 0;
}
