using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks a running resource's health checks: often until it is healthy, then every few seconds, and says when it is ready.</summary>
internal sealed class HealthWatch(
    HealthCheckService checks, HttpHealth http, ResourceNotificationService notifications, IDistributedApplicationEventing eventing, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_untilHealthy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_whenHealthy = TimeSpan.FromSeconds(5);

    /// <summary>The reports of a resource that was not asked yet.</summary>
    public static ImmutableArray<HealthReportSnapshot> Unknown(IResource resource) =>
        [.. KeysOf(resource).Select(key => new HealthReportSnapshot(key, null, null, null))];

    public Task WatchAsync(ResourceInstance instance, ILogger log, CancellationToken cancellationToken) =>
        WatchAsync(instance.Resource, instance.Id, instance.PortOf, log, cancellationToken);

    public async Task WatchAsync(IResource resource, string id, Func<string, int> portOf, ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            var delay = s_first;
            var ready = false;
            while (true)
            {
                var reports = await AskAsync(resource, portOf, cancellationToken);
                await notifications.PublishUpdateAsync(resource, id, snapshot => snapshot with { HealthReports = reports });
                var healthy = reports.All(report => report.Status == HealthStatus.Healthy);
                if (healthy && !ready)
                {
                    await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
                    ready = true;
                    await notifications.PublishUpdateAsync(resource, id, snapshot => snapshot with { IsReady = true });
                }
                delay = healthy ? s_whenHealthy : delay == s_whenHealthy || delay * 1.5 > s_untilHealthy ? s_untilHealthy : delay * 1.5;
                if (reports.IsEmpty)
                    return;
                await Task.Delay(delay, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            log.LogError(failure, "Its health can no longer be watched, and what waits for it will not start.");
        }
    }

    private static IEnumerable<string> KeysOf(IResource resource) => resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).Distinct();

    private async Task<ImmutableArray<HealthReportSnapshot>> AskAsync(IResource resource, Func<string, int> portOf, CancellationToken cancellationToken)
    {
        var overHttp = resource.Annotations.OfType<HttpHealthCheckAnnotation>().ToArray();
        var registered = KeysOf(resource).Except(overHttp.Select(check => check.Key)).ToHashSet();
        var answers = await Task.WhenAll(overHttp.Select(check => http.AskAsync(check, portOf(check.Endpoint.EndpointName), cancellationToken)));
        var reports = answers.ToImmutableArray();
        if (registered.Count == 0)
            return reports;
        var report = await checks.CheckHealthAsync(registration => registered.Contains(registration.Name), cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        return reports.AddRange(registered.Select(key => report.Entries.TryGetValue(key, out var entry)
            ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.Message) { LastRunAt = now }
            : new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"No health check named '{key}' is registered.", null) { LastRunAt = now }));
    }
}
