using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>The classic notebook's server on a port of its own.</summary>
sealed class NotebookServer : IAsyncDisposable
{
    const string Token = "prune";
    static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1), StopTime = TimeSpan.FromSeconds(20);

    readonly Process process;
    readonly HttpClient client;

    NotebookServer(Process process, int port)
    {
        this.process = process;
        client = new() { BaseAddress = new($"http://127.0.0.1:{port}/"), DefaultRequestHeaders = { { "Authorization", $"token {Token}" } } };
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="home">Whose server it is.</param>
    /// <param name="folder">The folder that it shows.</param>
    public static async Task<NotebookServer> StartAsync(JupyterHome home, string folder)
    {
        int port = FreePort();
        var start = new ProcessStartInfo(await JupyterPython.OrSkipAsync(),
            ["-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", $"--NotebookApp.token={Token}", $"--notebook-dir={folder}"])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in home.Environment) start.Environment[name] = value;
        var server = new NotebookServer(Process.Start(start)!, port);
        try
        {
            await server.AnswersAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a notebook's page.</summary>
    public string Page(string notebook) => new Uri(client.BaseAddress!, $"notebooks/{notebook}?token={Token}").AbsoluteUri;

    async Task AnswersAsync()
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartTime;)
        {
            Assert.False(process.HasExited, process.HasExited ? $"{await output}\n{await error}" : "");
            try
            {
                if ((await client.GetAsync("api/status", TestContext.Current.CancellationToken)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        Assert.Fail("The notebook server does not answer.");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks it to end, with its kernels.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(StopTime);
            await client.PostAsync("api/shutdown", null, patience.Token);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        client.Dispose();
        process.Dispose();
    }
}
