using System.Collections.Immutable;
using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One process (or in-process server) of a resource: waits, starts, watches, restarts and stops it, and publishes what happens.</summary>
internal sealed class ResourceInstance(IResource resource, string suffix, IReadOnlyDictionary<string, int> ports, InstanceServices services, bool runsToCompletion)
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ILogger _log = services.Loggers.GetLogger($"{resource.Name}-{suffix}");
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public IResource Resource { get; } = resource;
    public string Suffix { get; } = suffix;
    public string Id { get; } = $"{resource.Name}-{suffix}";

    public int PortOf(string endpoint) => ports[endpoint];

    public Task StartAsync() => ChangeAsync(stop: false, start: true);

    public Task StopAsync() => ChangeAsync(stop: true, start: false);

    public Task RestartAsync() => ChangeAsync(stop: true, start: true);

    public void Write(string line, bool isError) => services.Loggers.Write(Id, line, isError);

    public Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => services.Notifications.PublishUpdateAsync(Resource, Id, change);

    private async Task ChangeAsync(bool stop, bool start)
    {
        await _one.WaitAsync();
        try
        {
            if (stop && _stop is not null)
            {
                await _stop.CancelAsync();
                await _running;
                _stop.Dispose();
                _stop = null;
            }
            if (start && _running.IsCompleted)
            {
                _stop?.Dispose();
                _stop = new CancellationTokenSource();
                // Before the caller goes on: whoever waits for the resource then must not see how its last run ended.
                await PublishAsync(snapshot => snapshot with
                {
                    State = KnownResourceStates.Starting,
                    StartTimeStamp = null,
                    StopTimeStamp = null,
                    ExitCode = null,
                    HealthReports = HealthWatch.Unknown(Resource),
                });
                _running = RunAsync(_stop.Token);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await services.Waits.WaitAsync(this, _log, stop);
            await KeepRunningAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(KnownResourceStates.Exited, null);
        }
        catch (Exception failure)
        {
            Write(Failures.Describe(failure), isError: true);
            await EndAsync(KnownResourceStates.FailedToStart, null);
        }
    }

    private async Task KeepRunningAsync(CancellationToken stop)
    {
        var delays = new RestartDelays();
        while (true)
        {
            await PublishAsync(snapshot => snapshot with { State = KnownResourceStates.Starting });
            var server = await services.Starter.StartAsync(this, _log, stop);
            var started = Stopwatch.GetTimestamp();
            await PublishAsync(snapshot => snapshot with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                StartTimeStamp = services.Now(),
                StopTimeStamp = null,
                ExitCode = null,
                Urls = Snapshots.Urls(this, isInactive: false),
                Properties = snapshot.Properties.Set("executable.pid", server.ProcessId),
            });

            var exitCode = await WatchAsync(server, stop);
            if (exitCode is null)
            {
                await EndAsync(KnownResourceStates.Exited, null);
                return;
            }
            if (runsToCompletion || exitCode == 0)
            {
                await EndAsync(KnownResourceStates.Finished, exitCode);
                return;
            }
            var delay = delays.After(Stopwatch.GetElapsedTime(started));
            Write($"Ended with exit code {exitCode}; starts again in {delay.TotalSeconds:0} s.", isError: true);
            await PublishAsync(snapshot => snapshot with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.Starting, KnownResourceStateStyles.Warn),
                StopTimeStamp = services.Now(),
                IsReady = false,
                HealthReports = HealthWatch.Unknown(Resource),
                Urls = Snapshots.Urls(this, isInactive: true),
                Properties = snapshot.Properties.Without("executable.pid"),
            });
            await Task.Delay(delay, services.Time, stop);
        }
    }

    /// <summary>Null when it was stopped on demand, else the exit code.</summary>
    private async Task<int?> WatchAsync(IRunningServer server, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var health = services.Health.WatchAsync(this, _log, ended.Token);
        try
        {
            return await server.Exited.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await PublishAsync(snapshot => snapshot with { State = KnownResourceStates.Stopping });
            await server.StopAsync();
            return null;
        }
        finally
        {
            await ended.CancelAsync();
            await health;
        }
    }

    private Task EndAsync(string state, int? exitCode) => PublishAsync(snapshot => snapshot with
    {
        State = new ResourceStateSnapshot(state, state == KnownResourceStates.FailedToStart || exitCode is not (null or 0) ? KnownResourceStateStyles.Error : null),
        StopTimeStamp = services.Now(),
        ExitCode = exitCode,
        IsReady = false,
        HealthReports = HealthWatch.Unknown(Resource),
        Urls = Snapshots.Urls(this, isInactive: true),
        Properties = snapshot.Properties.Without("executable.pid").Without("resource.waitingFor"),
    });
}
