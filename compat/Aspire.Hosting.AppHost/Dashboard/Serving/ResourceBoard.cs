using Aspire.Hosting.Dashboard.Contract;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>The newest message of every resource, and who is to be told of the next.</summary>
internal sealed class ResourceBoard(TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Resource> _resources = new(StringComparer.Ordinal);
    private readonly List<ResourceSubscription> _subscriptions = [];

    /// <summary>Takes over what the source reports until cancelled.</summary>
    public async Task FollowAsync(IDashboardSource source, CancellationToken cancellationToken)
    {
        await foreach (var resource in source.WatchResourcesAsync(cancellationToken).WithCancellation(cancellationToken))
            Publish(resource);
    }

    public ResourceSubscription Subscribe()
    {
        lock (_gate)
        {
            var subscription = new ResourceSubscription([.. _resources.Values], Remove);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    private void Publish(ResourceView resource)
    {
        lock (_gate)
        {
            try
            {
                var firstSeen = _resources.TryGetValue(resource.Name, out var known) ? known.CreatedAt.ToDateTimeOffset() : time.GetUtcNow();
                var message = ResourceMessages.ToMessage(resource, firstSeen);
                _resources[message.Name] = message;
                foreach (var subscription in _subscriptions)
                    subscription.Offer(message);
            }
            catch (ArgumentException fault)   // one resource that cannot be shown must not cost the others
            {
                logger.LogError(fault, "The dashboard is not told of a change of resource '{Resource}'.", resource.DisplayName);
            }
        }
    }

    private void Remove(ResourceSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }
}
