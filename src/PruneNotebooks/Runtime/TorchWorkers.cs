using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace PruneNotebooks.Runtime;

/// <summary>Goes through independent pieces of work on several threads that share libtorch's: small models gain more from that than from threads inside each operation.</summary>
static class TorchWorkers
{
    /// <summary>Does every piece of work once; returns when all are done, or throws what the first failure threw.</summary>
    /// <param name="pieces">The work.</param>
    /// <param name="workers">How many threads; 1 stays on this one, with all of libtorch's.</param>
    /// <param name="work">Does one piece; called from several threads.</param>
    public static void ForEach<T>(IReadOnlyCollection<T> pieces, int workers, Action<T> work)
    {
        workers = Math.Min(workers, pieces.Count);
        if (workers <= 1)
        {
            foreach (var piece in pieces) work(piece);
            return;
        }
        int threads = torch.get_num_threads();
        torch.set_num_threads(Math.Max(1, threads / workers));
        try
        {
            var queue = new ConcurrentQueue<T>(pieces);
            ExceptionDispatchInfo? failure = null;
            // Threads of their own: those of the pool would remember the smaller number of libtorch's threads.
            Thread[] all = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true })];
            foreach (var thread in all) thread.Start();
            foreach (var thread in all) thread.Join();
            failure?.Throw();

            void Work()
            {
                try
                {
                    while (Volatile.Read(ref failure) is null && queue.TryDequeue(out var piece)) work(piece);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
            }
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }
}
