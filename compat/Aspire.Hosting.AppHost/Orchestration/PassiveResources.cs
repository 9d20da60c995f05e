using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What has nothing to start: parameters, configured connection strings, and children such as a database in its server.</summary>
internal sealed class PassiveResources(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, IDistributedApplicationEventing eventing,
    EndpointAllocation endpoints, HealthWatch health, Snapshots snapshots, IServiceProvider services) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _followed = [];

    public async Task StartAsync(Func<IResource, bool> isPassive, CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.Where(isPassive))
        {
            var parentId = resource is IResourceWithParent { Parent: var parent } ? notifications.FindInstances(parent.Name) is [var first, ..] ? first.ResourceId : parent.Name : null;
            await notifications.PublishUpdateAsync(resource, resource.Name, snapshot => snapshots.Initial(resource, KnownResourceStates.NotStarted, parentId, snapshot));
            if (resource is ParameterResource parameter)
                await ResolveAsync(parameter, cancellationToken);
            else if (resource is IResourceWithParent child)
                _followed.Add(FollowAsync(child, _stop.Token));
            else
                await RunAsync(resource, cancellationToken);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_followed);
    }

    public void Dispose() => _stop.Dispose();

    private async Task ResolveAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        try
        {
            var value = await parameter.GetValueAsync(cancellationToken);
            await notifications.PublishUpdateAsync(parameter, parameter.Name, snapshot => snapshot with { Properties = snapshot.Properties.Set("Value", value, parameter.Secret) });
            await RunAsync(parameter, cancellationToken);
            await endpoints.AnnounceConnectionStringsAsync(parameter, cancellationToken);
        }
        catch (DistributedApplicationException missing)
        {
            loggers.Write(parameter.Name, missing.Message, isError: true);
            await notifications.PublishUpdateAsync(parameter, parameter.Name, snapshot => snapshot with { State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) });
        }
    }

    private async Task RunAsync(IResource resource, CancellationToken cancellationToken)
    {
        await notifications.PublishUpdateAsync(resource, resource.Name, snapshot => snapshot with { State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success) });
        await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        await notifications.PublishUpdateAsync(resource, resource.Name, snapshot => snapshot with { IsReady = true });
    }

    /// <summary>A child is in the state of its parent, with a health of its own; it is asked once the parent is ready, since that may create it.</summary>
    private async Task FollowAsync(IResourceWithParent child, CancellationToken cancellationToken)
    {
        var log = loggers.GetLogger(child);
        CancellationTokenSource? watching = null;
        var watch = Task.CompletedTask;
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
            {
                if (change.Resource != child.Parent)
                    continue;
                var ready = change.Snapshot is { IsReady: true, State.Text: var state } && state == KnownResourceStates.Running;
                await notifications.PublishUpdateAsync(child, child.Name, snapshot => snapshot with
                {
                    State = change.Snapshot.State,
                    StartTimeStamp = change.Snapshot.StartTimeStamp,
                    StopTimeStamp = change.Snapshot.StopTimeStamp,
                    IsReady = snapshot.IsReady && ready,
                    HealthReports = ready && !snapshot.HealthReports.IsEmpty ? snapshot.HealthReports : HealthWatch.Unknown(child),
                });
                if (ready == watching is not null)
                    continue;
                if (ready)
                {
                    watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    watch = health.WatchAsync(child, child.Name, _ => 0, log, watching.Token);
                }
                else
                {
                    await watching!.CancelAsync();
                    await watch;
                    watching.Dispose();
                    watching = null;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await watch;
        }
        finally
        {
            watching?.Dispose();
        }
    }
}
