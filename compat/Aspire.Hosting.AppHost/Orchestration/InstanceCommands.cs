using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Start, stop and restart, as the dashboard offers them.</summary>
internal static class InstanceCommands
{
    private static readonly string[] s_running =
        [KnownResourceStates.Running, KnownResourceStates.Starting, KnownResourceStates.Waiting, KnownResourceStates.RuntimeUnhealthy];

    public static void Add(IResource resource, IReadOnlyList<ResourceInstance> instances)
    {
        Add(resource, instances, KnownResourceCommands.StartCommand, "Start", "Play", snapshot => !IsRunning(snapshot), isHighlighted: true, instance => instance.StartAsync());
        Add(resource, instances, KnownResourceCommands.StopCommand, "Stop", "Stop", IsRunning, isHighlighted: true, instance => instance.StopAsync());
        Add(resource, instances, KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", IsRunning, isHighlighted: false, instance => instance.RestartAsync());
    }

    private static bool IsRunning(CustomResourceSnapshot snapshot) => snapshot.State is { } state && s_running.Contains(state.Text);

    private static void Add(
        IResource resource, IReadOnlyList<ResourceInstance> instances, string name, string displayName, string iconName, Func<CustomResourceSnapshot, bool> isOffered,
        bool isHighlighted, Func<ResourceInstance, Task> execute) =>
        resource.Annotations.Add(new ResourceCommandAnnotation(
            name, displayName,
            context => isOffered(context.ResourceSnapshot) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
            async context =>
            {
                await execute(instances.Single(instance => instance.Id == context.ResourceName)).WaitAsync(context.CancellationToken);
                return CommandResults.Success();
            },
            null, null, null, iconName, IconVariant.Filled, isHighlighted));
}
