using static TorchSharp.torch;

namespace PruneNotebooks.Tests;

/// <summary>Counts live tensors. The count is that of the process, so these tests run alone: put them into the collection <see cref="Alone"/>.</summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class LiveTensors
{
    public const string Alone = "Live tensors";

    /// <summary>Runs an action once to warm up, then again and again, and checks that no tensor is left behind.</summary>
    public static void Unchanged(Action action, int times = 10)
    {
        action();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        for (int i = 0; i < times; i++) action();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
