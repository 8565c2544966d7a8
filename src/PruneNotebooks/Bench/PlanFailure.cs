using System.Diagnostics;

namespace PruneNotebooks.Bench;

/// <summary>Why a plan failed, in a sentence.</summary>
static class PlanFailure
{
    /// <summary>The message, and the line of the method's own file if it is known.</summary>
    public static string InWords(Exception e)
    {
        string message = e.Message.Split('\n')[0].Split(" (Parameter '")[0].TrimEnd();
        string what = e is ArgumentException or InvalidOperationException or NotSupportedException ? message : $"{e.GetType().Name}: {message}";
        var place = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => frame.GetFileName() is not null && frame.GetMethod()?.Module != typeof(PlanFailure).Module);
        return place is null ? what : $"{what} ({Path.GetFileName(place.GetFileName())}, line {place.GetFileLineNumber()})";
    }
}
