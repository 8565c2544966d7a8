using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>Tests that start kernels: one after the other, since each fills a core while it starts.</summary>
[CollectionDefinition(Name)]
public sealed class KernelTests : ICollectionFixture<KernelFixture>
{
    public const string Name = "Notebook kernel";
}

/// <summary>The kernel's program and the packed library, found or made once for all tests that run notebooks.</summary>
public sealed class KernelFixture : IAsyncLifetime
{
    public static readonly string Root = Checkout.Find(AppContext.BaseDirectory)!;

    public KernelTool Tool { get; private set; } = null!;
    public LocalFeed Feed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Tool = await KernelTool.FindAsync(Root, _ => { }, TestContext.Current.CancellationToken);
        Feed = await LocalFeed.PrepareAsync(Root, Checkout.Library, Checkout.PackageInputs, _ => { }, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Feed.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a notebook in its folder.</summary>
    public async Task<ExecutedNotebook> RunAsync(Notebook notebook, string folder, RunOptions? options = null) =>
        await NotebookRunner.RunAsync(Tool, notebook, NotebookRunner.Steps(notebook), folder, options ?? new(), new Silent(), TestContext.Current.CancellationToken);

    sealed class Silent : IRunProgress
    {
        public void Starting(string notebook, int steps) { }
        public void CellStarted(Step step) { }
        public void CellSays(Step step, string line) { }
        public void CellFinished(Step step, TimeSpan time, string? error) { }
        public void Say(string message) { }
    }
}
