using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Holds an instance back until what its resource waits for is there.</summary>
internal sealed class DependencyWaits(ResourceNotificationService notifications)
{
    public async Task WaitAsync(ResourceInstance instance, ILogger log, CancellationToken cancellationToken)
    {
        var waits = instance.Resource.Annotations.OfType<WaitAnnotation>().DistinctBy(wait => (wait.Resource, wait.WaitType)).ToArray();
        if (waits.Length == 0)
            return;
        var open = waits.Select(wait => wait.Resource.Name).Distinct().ToImmutableList();
        await PublishAsync(instance, open);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(waits.Select(async wait =>
            {
                try
                {
                    await WaitForAllInstancesAsync(wait, log, failed.Token);
                }
                catch (DistributedApplicationException)
                {
                    await failed.CancelAsync();
                    throw;
                }
                ImmutableInterlocked.Update(ref open, names => names.Remove(wait.Resource.Name));
                await PublishAsync(instance, open);
            }));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException("A resource that it waits for will not come.");
        }
    }

    private static Task PublishAsync(ResourceInstance instance, ImmutableList<string> open) => instance.PublishAsync(snapshot => snapshot with
    {
        State = KnownResourceStates.Waiting,
        Properties = snapshot.Properties.Set("resource.waitingFor", open.IsEmpty ? null : open.ToImmutableArray()),
    });

    private Task WaitForAllInstancesAsync(WaitAnnotation wait, ILogger log, CancellationToken cancellationToken) =>
        Task.WhenAll(notifications.FindInstances(wait.Resource.Name).Select(instance => WaitForInstanceAsync(wait, instance.ResourceId, log, cancellationToken)));

    private async Task WaitForInstanceAsync(WaitAnnotation wait, string id, ILogger log, CancellationToken cancellationToken)
    {
        var giveUp = (wait.WaitBehavior ?? notifications.DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable || wait.WaitType == WaitType.WaitForCompletion;
        var said = false;
        var reached = await notifications.WaitForResourceAsync(id, change =>
        {
            if (IsThere(wait, change.Snapshot))
                return true;
            var state = change.Snapshot.State?.Text;
            var unavailable = state is not null && KnownResourceStates.TerminalStates.Contains(state);
            if (unavailable && !giveUp && !said)
            {
                log.LogWarning("Waits for '{Dependency}', which is {State}: start it again to go on.", wait.Resource.Name, state);
                said = true;
            }
            return unavailable && giveUp;
        }, cancellationToken);
        if (!IsThere(wait, reached.Snapshot))
            throw new DistributedApplicationException(Explain(wait, reached.Snapshot));
    }

    private static bool IsThere(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true },
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text) && snapshot.ExitCode == wait.ExitCode,
    };

    private static string Explain(WaitAnnotation wait, CustomResourceSnapshot snapshot) => snapshot.ExitCode is { } exitCode
        ? $"Not started: '{wait.Resource.Name}', which it waits for, ended with exit code {exitCode}{(wait.WaitType == WaitType.WaitForCompletion ? $" instead of {wait.ExitCode}" : "")}. The log of '{wait.Resource.Name}' says why."
        : $"Not started: '{wait.Resource.Name}', which it waits for, is {snapshot.State?.Text}. The log of '{wait.Resource.Name}' says why.";
}
