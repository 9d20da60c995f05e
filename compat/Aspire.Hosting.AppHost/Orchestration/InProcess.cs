namespace Aspire.Hosting.Orchestration;

/// <summary>A server inside the host's own process.</summary>
internal sealed class InProcess(IAsyncDisposable server) : IRunningServer
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int? ProcessId => System.Environment.ProcessId;
    public Task<int> Exited => _exited.Task;

    public async Task StopAsync()
    {
        await server.DisposeAsync();
        _exited.TrySetResult(0);
    }
}
