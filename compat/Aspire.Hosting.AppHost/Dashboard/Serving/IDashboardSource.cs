using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>What the resource service shows: the application as the host knows it.</summary>
internal interface IDashboardSource
{
    string ApplicationName { get; }

    /// <summary>Every resource as it is now, then each change, until cancelled.</summary>
    IAsyncEnumerable<ResourceView> WatchResourcesAsync(CancellationToken cancellationToken);

    /// <summary>A resource's console lines so far and, if asked, those to come.</summary>
    IAsyncEnumerable<IReadOnlyList<LogLine>> ReadLogsAsync(string resourceName, bool follow, CancellationToken cancellationToken);

    Task<ExecuteCommandResult> ExecuteAsync(string resourceName, string commandName, CancellationToken cancellationToken);
}

/// <summary>One resource (or one replica of it) at one moment; the name is unique, the display name is shown.</summary>
internal sealed record ResourceView(string Name, string DisplayName, CustomResourceSnapshot Snapshot);
