using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last known state of every instance of every resource, and who watches it.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly IServiceProvider _services;
    private long _version;

    internal ResourceNotificationService(IHostApplicationLifetime lifetime, IServiceProvider services)
    {
        _services = services;
        _stopping = lifetime.ApplicationStopped.Register(() => _disposed.Cancel());
    }

    /// <summary>What a wait without an explicit behaviour does when the resource fails.</summary>
    internal WaitBehavior DefaultWaitBehavior { get; init; }

    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName, change => change.Snapshot.State is { } state && wanted.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (IsNamed(change, resourceName) && predicate(change))
                return change;
        }
        throw new OperationCanceledException($"The application stopped before the resource '{resourceName}' came into the awaited state.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            change => change.Snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true }
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(change.Snapshot)),
            cancellationToken);
        return reached.Snapshot.HealthStatus == HealthStatus.Healthy
            ? reached
            : throw new DistributedApplicationException($"The resource '{resourceName}' will not become healthy: it is {reached.Snapshot.State?.Text}. Its console log says why.");
    }

    /// <summary>Everything that is known now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var known in _current.Values)
                channel.Writer.TryWrite(known);
            _watchers[channel] = true;
        }
        try
        {
            while (await NextAsync(channel.Reader, either.Token, cancellationToken))
            {
                while (channel.Reader.TryRead(out var change))
                    yield return change;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = FindInstances(resourceId) is [var first, ..] ? first : null;
        return resourceEvent is not null;
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_gate)
        {
            var before = _current.GetValueOrDefault(resourceId)?.Snapshot
                ?? new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal), Properties = [] };
            var after = stateFactory(before) with { Version = ++_version };
            after = after with { Commands = [.. CommandsOf(resource, after)] };
            var change = new ResourceEvent(resource, resourceId, after);
            _current[resourceId] = change;
            foreach (var watcher in _watchers.Keys)
                watcher.Writer.TryWrite(change);
        }
        return Task.CompletedTask;
    }

    /// <summary>Changes every instance of the resource.</summary>
    public async Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        var instances = FindInstances(resource.Name);
        if (instances.Count == 0)
            await PublishUpdateAsync(resource, resource.Name, stateFactory);
        foreach (var instance in instances)
            await PublishUpdateAsync(resource, instance.ResourceId, stateFactory);
    }

    internal IReadOnlyList<ResourceEvent> FindInstances(string nameOrId)
    {
        lock (_gate)
            return [.. _current.Values.Where(known => IsNamed(known, nameOrId))];
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }

    private static bool IsUnavailable(CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && (KnownResourceStates.TerminalStates.Contains(state.Text) || state.Text == KnownResourceStates.RuntimeUnhealthy);

    private static bool IsNamed(ResourceEvent change, string nameOrId) =>
        string.Equals(change.Resource.Name, nameOrId, StringComparison.OrdinalIgnoreCase) || string.Equals(change.ResourceId, nameOrId, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> NextAsync(ChannelReader<ResourceEvent> reader, CancellationToken either, CancellationToken callers)
    {
        try
        {
            return await reader.WaitToReadAsync(either);
        }
        catch (OperationCanceledException) when (!callers.IsCancellationRequested)
        {
            return false;
        }
    }

    private IEnumerable<ResourceCommandSnapshot> CommandsOf(IResource resource, CustomResourceSnapshot snapshot) =>
        resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => new ResourceCommandSnapshot(
            command.Name, command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = _services }),
            command.DisplayName, command.DisplayDescription, command.Parameter, command.ConfirmationMessage, command.IconName, command.IconVariant, command.IsHighlighted));
}
