using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Hosting;
using Notify.AppHost.Running;

namespace Notify.AppHost.Console;

/// <summary>One line for each resource when it is up for the first time.</summary>
internal sealed class StartupProgress(ResourceNotificationService resources, DistributedApplicationModel model, TimeProvider time)
    : EarlyService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        var width = model.Resources.Max(resource => resource.Name.Length);
        var said = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in resources.WatchAsync(stoppingToken))
        {
            if (Word(change) is { } word && said.Add(change.ResourceId))
            {
                HostConsole.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {change.Resource.Name.PadRight(width)}  {word} after {time.GetElapsedTime(began).TotalSeconds:0.0} s"
                    )
                );
            }
        }
    }

    private static string? Word(ResourceEvent change)
    {
        var (state, snapshot) = (change.Snapshot.State?.Text, change.Snapshot);
        if (
            change.Resource is ParameterResource or ConnectionStringResource
            || snapshot.IsHidden
            || change.Resource.Name.StartsWith("aspire-", StringComparison.Ordinal)
        )
            return null;
        if (change.Resource.HasAnnotationOfType<RunsOnceAnnotation>())
            return state == KnownResourceStates.Finished
                ? snapshot.ExitCode == 0
                    ? "done"
                    : $"FAILED with exit code {snapshot.ExitCode}, see its log,"
                : null;
        return state == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy ? "up" : null;
    }
}
