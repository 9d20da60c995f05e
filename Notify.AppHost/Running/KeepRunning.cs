using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Notify.AppHost.Console;
using Notify.AppHost.Hosting;
using Notify.AppHost.Local;

namespace Notify.AppHost.Running;

/// <summary>
/// Starts a service or a local server again when it ended without being told to: the orchestrator leaves it ended, whether it crashed, was
/// killed or exited with 0. One that ends again and again is started after growing waits, and the console shows its last words.
/// <c>--Notify:KeepRunning=false</c> leaves what ended as it is, for somebody who looks into a crash, or who starts it again by hand: two
/// starts at once would end each other's process.
/// </summary>
internal sealed class KeepRunning(
    ResourceNotificationService resources,
    ResourceCommandService commands,
    ResourceLoggerService logs,
    TimeProvider time,
    IConfiguration configuration
) : EarlyService
{
    private const int KeptLines = 6;
    private readonly ConcurrentDictionary<string, Instance> _instances = [];
    private volatile bool _resting = !configuration.GetValue("Notify:KeepRunning", true);

    /// <summary>The application stops: what ends from now on is meant to.</summary>
    public void Rest() => _resting = true;

    /// <summary>The running instances of these resources, by their ids; a service has as many as it has replicas.</summary>
    public IReadOnlyList<string> Running(Func<IResource, bool> which) =>
        [.. _instances.Where(instance => which(instance.Value.Resource) && !IsEnd(instance.Value.State)).Select(instance => instance.Key)];

    public bool HasEnded(string instance) => !_instances.TryGetValue(instance, out var known) || IsEnd(known.State);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            var state = change.Snapshot.State?.Text;
            if (!IsOurs(change.Resource) || state is null)
                continue;
            var instance = _instances.GetOrAdd(change.ResourceId, _ => new Instance(change.Resource));
            var before = instance.State;
            instance.State = state;
            if (state == before)
                continue;
            if (state == KnownResourceStates.Running)
                instance.RunningSince = time.GetTimestamp();
            if (state == KnownResourceStates.Stopping)
                instance.IsToldToStop = true;
            else if (!IsEnd(state))
                instance.IsToldToStop = false;
            else if (state == KnownResourceStates.FailedToStart)
                HostConsole.Complain($"{NameOf(change)} could not be started.{await LastWordsAsync(change.ResourceId, stoppingToken)}");
            else if (before is not null && !IsEnd(before) && !instance.IsToldToStop && !_resting)
                _ = StartAgainAsync(change, instance, stoppingToken);
        }
    }

    private async Task StartAgainAsync(ResourceEvent ended, Instance instance, CancellationToken cancellationToken)
    {
        var ran = time.GetElapsedTime(instance.RunningSince);
        instance.Restarts = ran < RestartWaits.Steady ? instance.Restarts + 1 : 1;
        var wait = RestartWaits.Before(instance.Restarts);
        try
        {
            var words = instance.Restarts > 1 ? await LastWordsAsync(ended.ResourceId, cancellationToken) : "";
            HostConsole.Complain(
                $"{NameOf(ended)} {HowItEnded(ended.Snapshot.ExitCode)}; it is started again in {wait.TotalSeconds:0} s.{words}"
            );
            await Task.Delay(wait, time, cancellationToken);
            if (_resting || !IsEnd(instance.State))
                return;
            var started = await commands.ExecuteCommandAsync(ended.ResourceId, KnownResourceCommands.StartCommand, cancellationToken);
            if (started.Success)
                HostConsole.Say($"{NameOf(ended)} was started again.");
            else if (!_resting && IsEnd(instance.State))
                _ = StartAgainAsync(ended, instance, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task<string> LastWordsAsync(string instance, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        await foreach (var batch in logs.GetAllAsync(instance).WithCancellation(cancellationToken))
        {
            foreach (var line in batch)
            {
                lines.Enqueue(line.Content);
                if (lines.Count > KeptLines)
                    lines.Dequeue();
            }
        }
        return string.Concat(lines.Select(line => $"{Environment.NewLine}    {line}"));
    }

    /// <summary>The orchestrator knows no exit code of a program that a signal ended, and says -1.</summary>
    private static string HowItEnded(int? exitCode) =>
        exitCode switch
        {
            null or -1 => "was killed or crashed",
            var code => string.Create(CultureInfo.InvariantCulture, $"ended on its own with exit code {code}"),
        };

    private static bool IsOurs(IResource resource) =>
        resource is LocalServerResource || (resource is ProjectResource && !resource.HasAnnotationOfType<RunsOnceAnnotation>());

    private static bool IsEnd(string? state) => state is not null && KnownResourceStates.TerminalStates.Contains(state);

    private static string NameOf(ResourceEvent change) =>
        change.Resource is ProjectResource project && project.GetReplicaCount() > 1 ? change.ResourceId : change.Resource.Name;

    private sealed class Instance(IResource resource)
    {
        public IResource Resource { get; } = resource;
        public string? State { get; set; }
        public bool IsToldToStop { get; set; }
        public long RunningSince { get; set; }
        public int Restarts { get; set; }
    }
}

/// <summary>How long to wait before a program that ended is started again.</summary>
internal static class RestartWaits
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <summary>One that ran that long is taken to work: its next end begins the count anew.</summary>
    public static TimeSpan Steady { get; } = TimeSpan.FromMinutes(1);

    /// <param name="restarts">How many in a row, this one included.</param>
    /// <returns>1, 2, 4, 8, 16, then 30 seconds.</returns>
    public static TimeSpan Before(int restarts)
    {
        var wait = TimeSpan.FromSeconds(1 << Math.Clamp(restarts - 1, 0, 5));
        return wait < s_longest ? wait : s_longest;
    }
}

/// <summary>A program that is meant to end.</summary>
internal sealed class RunsOnceAnnotation : IResourceAnnotation;
