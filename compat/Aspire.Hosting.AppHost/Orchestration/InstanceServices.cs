using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What every instance works with.</summary>
internal sealed record InstanceServices(
    ResourceNotificationService Notifications, ResourceLoggerService Loggers, DependencyWaits Waits, ServerStarter Starter, HealthWatch Health, Snapshots Snapshots, TimeProvider Time)
{
    public DateTime Now() => Time.GetUtcNow().UtcDateTime;
}
