using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Notify.AppHost.Local;

namespace Notify.Tests.Distributed.AppHost.Local;

/// <summary>A local server's process, started as the host starts it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }
    public int ProcessId => _process.Id;
    public bool HasExited => _process.HasExited;

    public static RunningServer Start(LocalProgram server, int port, string folder)
    {
        var start = new ProcessStartInfo(server.FileName, server.Arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in server.Environment)
            start.Environment[name] = value;
        var running = new RunningServer(new Process { StartInfo = start }, port);
        running._process.OutputDataReceived += (_, line) => running.Keep(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Keep(line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Asks until it answers; fails with the server's own words when it ends or takes too long.</summary>
    public async Task<RunningServer> ReadyAsync(Func<CancellationToken, Task<bool>> ask)
    {
        var cancel = TestContext.Current.CancellationToken;
        var waited = Stopwatch.StartNew();
        while (!await ask(cancel))
        {
            Assert.False(_process.HasExited, $"The server ended: {Output}");
            Assert.True(waited.Elapsed < Deadline, $"The server is not ready: {Output}");
            await Task.Delay(50, cancel);
        }
        return this;
    }

    /// <summary>Asks it to stop, as the orchestrator does, and expects it to obey.</summary>
    public async Task StopAsync()
    {
        Signal(15);
        await ExitedAsync(StopGrace);
    }

    /// <summary>Kills it with all that it started.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await ExitedAsync(Deadline);
    }

    /// <summary>Kills it, and not what it started.</summary>
    public async Task KillAloneAsync()
    {
        Signal(9);
        await ExitedAsync(Deadline);
    }

    public async Task ExitedAsync(TimeSpan within)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(within);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
