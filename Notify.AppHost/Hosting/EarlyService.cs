using Microsoft.Extensions.Hosting;

namespace Notify.AppHost.Hosting;

/// <summary>
/// A background service that begins before any hosted service has started. The orchestrator is one of those, and its start takes as long as
/// servers are prepared and waited for: whoever begins after it has missed most of what there is to see.
/// </summary>
internal abstract class EarlyService : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => base.StartAsync(cancellationToken);

    public sealed override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
