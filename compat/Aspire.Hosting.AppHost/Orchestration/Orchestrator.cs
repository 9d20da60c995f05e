using System.Runtime.InteropServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the model on this machine: everything that has no unmet wait at once, and in the end everything back in reverse order.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, IDistributedApplicationEventing eventing, IServiceProvider provider,
    InstanceServices services, EndpointAllocation endpoints, PassiveResources passive, PortAllocator ports, LocalFolders folders, ChildGuard guard,
    ConsoleMirror console, IHostApplicationLifetime lifetime) : IHostedService, IAsyncDisposable
{
    private readonly List<ResourceInstance> _instances = [];
    private DataFolderLock? _lock;
    private PosixSignalRegistration? _hangUp;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lock = DataFolderLock.Take(folders.Data);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        await eventing.PublishAsync(new BeforeStartEvent(provider, model), cancellationToken);
        foreach (var resource in model.Resources.Where(IsStarted))
            AddInstances(resource);
        foreach (var instance in _instances)
            await PublishInitialAsync(instance);
        await passive.StartAsync(resource => !IsStarted(resource), cancellationToken);
        foreach (var first in _instances.Where(instance => !instance.Resource.Annotations.OfType<LocalServerAnnotation>().Any()).DistinctBy(instance => instance.Resource))
            await endpoints.PublishAsync(first, new Dictionary<string, int>(), cancellationToken);
        foreach (var instance in _instances.Where(instance => !instance.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()))
            await instance.StartAsync();
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(provider, model), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var group in StopOrder.Of([.. _instances.Select(instance => instance.Resource).Distinct()]))
            await Task.WhenAll(_instances.Where(instance => group.Contains(instance.Resource)).Select(instance => instance.StopAsync()));
        await passive.StopAsync();
        guard.Dispose();
        _lock?.Dispose();
    }

    /// <summary>An application that is let go without having been stopped is stopped now.</summary>
    public async ValueTask DisposeAsync()
    {
        _hangUp?.Dispose();
        await StopAsync(CancellationToken.None);
    }

    private static bool IsStarted(IResource resource) =>
        resource is ProjectResource or ExecutableResource or ContainerResource || resource.Annotations.OfType<LocalServerAnnotation>().Any();

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lifetime.StopApplication();
    }

    private void AddInstances(IResource resource)
    {
        var runsToCompletion = model.Resources.Any(other => other.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == resource && wait.WaitType == WaitType.WaitForCompletion));
        var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        for (var replica = 0; replica < replicas; replica++)
            _instances.Add(new ResourceInstance(resource, InstanceSuffix.New(), PortsOf(resource, replica), services, runsToCompletion));
        var own = _instances.Where(instance => instance.Resource == resource).ToArray();
        InstanceCommands.Add(resource, own);
        console.Name(own);
    }

    private Dictionary<string, int> PortsOf(IResource resource, int replica) => resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(
        endpoint => endpoint.Name,
        endpoint => endpoint.Port is not { } port || replica > 0 ? ports.Take()
            : endpoint.FromLaunchProfile ? ports.Take(port)
            : ports.Demand(port, resource.Name, endpoint.Name));

    private Task PublishInitialAsync(ResourceInstance instance)
    {
        var parent = instance.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().FirstOrDefault(relation => relation.Type == KnownRelationshipTypes.Parent)?.Resource;
        var parentId = _instances.Find(candidate => candidate.Resource == parent)?.Id ?? parent?.Name;
        return instance.PublishAsync(snapshot => services.Snapshots.Initial(instance.Resource, KnownResourceStates.NotStarted, parentId, snapshot));
    }
}
