using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>Cancelling a notification: each of its deliveries is cancelled or sent, never both.</summary>
internal static class CancelApi
{
    public static async Task<IResult> CancelAsync(Guid id, HttpContext http, NotifyDbContext database, TimeProvider time, CancellationToken cancellationToken)
    {
        var tenant = http.Caller().Tenant;
        var routed = await NotificationsApi.ReadAsync(id, tenant, database, cancellationToken);
        if (routed is null)
        {
            if (!NotificationsApi.IsFresh(id, time))
                return NotificationsApi.NotFound(id, fresh: false);
            // Whoever routes it now finds the wish, or has committed rows that are found here.
            await AskAsync(id, tenant, database, time, cancellationToken);
            routed = await NotificationsApi.ReadAsync(id, tenant, database, cancellationToken);
        }
        if (routed is null)
            return await IsAnotherTenantsAsync(id, tenant, database, cancellationToken)
                ? await WithdrawAsync(id, tenant, database, cancellationToken)
                : new AcceptedResult(id);
        await CancelOpenAsync(id, tenant, database, time, cancellationToken);
        return NotificationsApi.Found((await NotificationsApi.ReadAsync(id, tenant, database, cancellationToken))!);
    }

    /// <summary>Asks for what nobody has, so that the first caller does not wait for the statements to be built.</summary>
    public static async Task WarmUpAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var (database, time) = (scope.ServiceProvider.GetRequiredService<NotifyDbContext>(), scope.ServiceProvider.GetRequiredService<TimeProvider>());
        var nobodys = UuidV7.New(time.GetUtcNow());
        await NotificationsApi.ReadAsync(nobodys, "", database, cancellationToken);
        await CancelOpenAsync(nobodys, "", database, time, cancellationToken);
        await IsAnotherTenantsAsync(nobodys, "", database, cancellationToken);
    }

    /// <summary>The same rows that a claim takes: whichever statement comes first decides, and the other finds nothing.</summary>
    private static Task<int> CancelOpenAsync(Guid id, string tenant, NotifyDbContext database, TimeProvider time, CancellationToken cancellationToken)
    {
        string[] open = [DeliveryState.Queued.ToName(), DeliveryState.Waiting.ToName()];
        var acceptedAt = UuidV7.TimeOf(id);
        return database.Deliveries
            .Where(d => d.TenantId == tenant && d.AcceptedAt == acceptedAt && d.NotificationId == id && open.Contains(d.State))
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(d => d.State, DeliveryState.Cancelled.ToName())
                    .SetProperty(d => d.Reason, DeliveryReasons.Cancelled)
                    .SetProperty(d => d.DueAt, (DateTimeOffset?)null)
                    .SetProperty(d => d.UpdatedAt, time.GetUtcNow()),
                cancellationToken);
    }

    private static Task<int> AskAsync(Guid id, string tenant, NotifyDbContext database, TimeProvider time, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync(
            $"INSERT INTO cancellations (notification_id, tenant_id, asked_at) VALUES ({id}, {tenant}, {time.GetUtcNow()}) ON CONFLICT DO NOTHING", cancellationToken);

    private static async Task<IResult> WithdrawAsync(Guid id, string tenant, NotifyDbContext database, CancellationToken cancellationToken)
    {
        await database.Cancellations.Where(c => c.NotificationId == id && c.TenantId == tenant).ExecuteDeleteAsync(cancellationToken);
        return NotificationsApi.NotFound(id, fresh: false);
    }

    // Tenant by tenant, each by its key: there is no index over all of them, and none is worth its writing.
    private static Task<bool> IsAnotherTenantsAsync(Guid id, string tenant, NotifyDbContext database, CancellationToken cancellationToken)
    {
        var acceptedAt = UuidV7.TimeOf(id);
        return database.Tenants
            .Where(t => t.TenantId != tenant)
            .Join(database.Notifications.Where(n => n.AcceptedAt == acceptedAt && n.NotificationId == id), t => t.TenantId, n => n.TenantId, (t, n) => n)
            .AnyAsync(cancellationToken);
    }
}
