using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Notify.AppHost.Console;
using Notify.AppHost.Local;

namespace Notify.AppHost.Running;

/// <summary>
/// Stops the services, then the local servers, before the orchestrator goes. Left to itself it ends all of them at once, in the background,
/// after this process has gone: services would lose their database in the middle of what they still have to write. Registered last, so that
/// its turn to stop comes first.
/// </summary>
internal sealed class OrderlyStop(KeepRunning keeper, ResourceCommandService commands, IHostApplicationLifetime lifetime)
    : IHostedService,
        IDisposable
{
    // A worker lets calls to providers go on for 15 s and writes their outcomes within Kafka:StopDrain, 20 s.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private PosixSignalRegistration? _closedTerminal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // .NET's host stops in order on SIGINT and SIGTERM only; a terminal that is closed sends SIGHUP.
        if (HostConsole.IsOurs)
            _closedTerminal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                lifetime.StopApplication();
            });
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        keeper.Rest();
        HostConsole.Say("Stopping: the services finish what they have in hand, then the servers end.");
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await StopAsync(keeper.Running(resource => resource is ProjectResource), limit.Token);
            await StopAsync(keeper.Running(resource => resource is LocalServerResource), limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The orchestrator ends what is left.
        }
    }

    public void Dispose() => _closedTerminal?.Dispose();

    private async Task StopAsync(IReadOnlyList<string> instances, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            instances.Select(instance => commands.ExecuteCommandAsync(instance, KnownResourceCommands.StopCommand, cancellationToken))
        );
        while (instances.Any(instance => !keeper.HasEnded(instance)))
            await Task.Delay(Look, cancellationToken);
    }
}
