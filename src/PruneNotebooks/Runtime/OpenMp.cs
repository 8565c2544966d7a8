using System.Runtime.InteropServices;

namespace PruneNotebooks.Runtime;

/// <summary>How libtorch's worker threads wait for work.</summary>
internal static partial class OpenMp
{
    /// <summary>Makes idle threads go to sleep soon instead of spinning for milliseconds. Must come before libtorch is loaded.</summary>
    /// <remarks>
    /// As it comes, an idle thread keeps its core busy. On a machine that has other things to do - an editor, a browser, a second test
    /// process - that makes small operations ten times slower. Whoever has set a wait policy keeps it.
    /// </remarks>
    public static void SleepSoon()
    {
        bool chosen = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null;
        // Not Environment.SetEnvironmentVariable, which native libraries do not see.
        if (!chosen) SetVariable("GOMP_SPINCOUNT", "1000", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
