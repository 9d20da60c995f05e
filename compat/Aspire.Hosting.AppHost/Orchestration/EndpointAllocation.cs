using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Orchestration;

/// <summary>Makes addresses and connection strings known: of projects before anything starts, of local servers once they know their ports.</summary>
internal sealed class EndpointAllocation(DistributedApplicationModel model, IDistributedApplicationEventing eventing, IServiceProvider services)
{
    public async Task PublishAsync(ResourceInstance instance, IReadOnlyDictionary<string, int> chosen, CancellationToken cancellationToken)
    {
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>())
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, chosen.TryGetValue(endpoint.Name, out var port) ? port : instance.PortOf(endpoint.Name));
        await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(instance.Resource, services), cancellationToken);
        await AnnounceConnectionStringsAsync(instance.Resource, cancellationToken);
    }

    public async Task AnnounceConnectionStringsAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource is IResourceWithConnectionString)
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        foreach (var child in model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == resource))
            await AnnounceConnectionStringsAsync(child, cancellationToken);
    }
}
