using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>The running application, through the services that its own code sees it by.</summary>
internal sealed class HostDashboardSource(
    string applicationName, ResourceNotificationService notifications, ResourceLoggerService loggers, ResourceCommandService commands) : IDashboardSource
{
    public string ApplicationName => applicationName;

    public async IAsyncEnumerable<ResourceView> WatchResourcesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken))
            yield return new ResourceView(change.ResourceId, change.Resource.Name, change.Snapshot);
    }

    public IAsyncEnumerable<IReadOnlyList<LogLine>> ReadLogsAsync(string resourceName, bool follow, CancellationToken cancellationToken) =>
        follow ? loggers.WatchAsync(resourceName) : loggers.GetAllAsync(resourceName);

    public Task<ExecuteCommandResult> ExecuteAsync(string resourceName, string commandName, CancellationToken cancellationToken) =>
        commands.ExecuteCommandAsync(resourceName, commandName, cancellationToken);
}
