using System.Diagnostics;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models;

/// <summary>Which part of an answer time is spent on.</summary>
internal enum Phase { Vision, Selection, Prefill, Decode }

/// <summary>Adds up time by phase; waits for the device at every change of phase, so asynchronous work is counted where it belongs.</summary>
internal sealed class StageClock(Compute compute)
{
    readonly long[] ticks = new long[4];
    Phase phase;
    long since;
    bool running;

    /// <summary>A clock that has measured the same so far, and stands.</summary>
    public StageClock Copy()
    {
        Stop();
        var copy = new StageClock(compute);
        ticks.CopyTo(copy.ticks, 0);
        return copy;
    }

    /// <summary>From now on, time belongs to that phase; gives back the phase before.</summary>
    public Phase Enter(Phase next)
    {
        compute.Synchronize();
        long now = Stopwatch.GetTimestamp();
        if (running) ticks[(int)phase] += now - since;
        Phase before = phase;
        (phase, since, running) = (next, now, true);
        return before;
    }

    public StageTimes Stop()
    {
        Enter(phase);
        running = false;
        return new StageTimes(Of(Phase.Vision), Of(Phase.Selection), Of(Phase.Prefill), Of(Phase.Decode));
    }

    TimeSpan Of(Phase part) => Stopwatch.GetElapsedTime(0, ticks[(int)part]);
}
