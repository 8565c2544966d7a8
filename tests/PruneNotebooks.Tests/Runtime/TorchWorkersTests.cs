using System.Collections.Concurrent;
using PruneNotebooks.Runtime;
using TorchSharp;

namespace PruneNotebooks.Tests.Runtime;

public sealed class TorchWorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Every_piece_is_done_once_and_libtorch_has_its_threads_back(int workers)
    {
        int threads = torch.get_num_threads();
        ConcurrentBag<int> done = [];
        TorchWorkers.ForEach([.. Enumerable.Range(0, 50)], workers, done.Add);
        Assert.Equal(Enumerable.Range(0, 50), done.Order());
        Assert.Equal(threads, torch.get_num_threads());
    }

    [Fact]
    public void Several_pieces_are_worked_on_at_a_time()
    {
        using var both = new Barrier(2);
        TorchWorkers.ForEach([1, 2], 2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1)), "the other piece was not begun"));
    }

    [Fact]
    public void The_first_failure_stops_the_others_and_is_thrown()
    {
        int done = 0;
        var error = Assert.Throws<InvalidOperationException>(() => TorchWorkers.ForEach([.. Enumerable.Range(0, 1000)], 2, piece =>
        {
            if (piece == 3) throw new InvalidOperationException("piece 3");
            Thread.Sleep(1);
            Interlocked.Increment(ref done);
        }));
        Assert.Equal("piece 3", error.Message);
        Assert.InRange(done, 0, 998);
    }
}
