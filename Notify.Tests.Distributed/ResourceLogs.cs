using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.Tests.Distributed;

/// <summary>Knows every instance of every resource, and what each has written.</summary>
internal sealed class ResourceLogs : IAsyncDisposable
{
    private const int LastLines = 30;

    private readonly DistributedApplication _application;
    private readonly ConcurrentDictionary<string, ResourceEvent> _instances = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public ResourceLogs(DistributedApplication application)
    {
        _application = application;
        _watching = WatchAsync();
    }

    /// <summary>What is known of a resource's one instance; null before it has any.</summary>
    public ResourceEvent? Latest(string resource) => _instances.Values.FirstOrDefault(known => known.Resource.Name == resource);

    /// <summary>The last lines of each instance, for a report of what went wrong.</summary>
    public async Task<string> LastLinesAsync()
    {
        var report = new List<string>();
        foreach (var (instance, last) in _instances.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            report.Add($"--- {instance} ({last.Snapshot.State?.Text ?? "unknown"})");
            report.AddRange((await LinesAsync(instance)).TakeLast(LastLines));
        }
        return string.Join(Environment.NewLine, report);
    }

    /// <summary>Everything that is kept of all resources.</summary>
    public async Task<IReadOnlyList<string>> AllLinesAsync()
    {
        var lines = new List<string>();
        foreach (var instance in _instances.Keys)
            lines.AddRange((await LinesAsync(instance)).Select(line => $"{instance}: {line}"));
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task<List<string>> LinesAsync(string instance)
    {
        var lines = new List<string>();
        await foreach (var batch in _application.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(instance))
            lines.AddRange(batch.Select(line => line.Content));
        return lines;
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var change in _application.ResourceNotifications.WatchAsync(_stop.Token))
                _instances[change.ResourceId] = change;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }
}
