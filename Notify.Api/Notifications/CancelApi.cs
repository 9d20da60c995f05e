using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Api.Notifications;

/// <summary>Cancelling a notification: each of its deliveries is cancelled or sent, never both.</summary>
internal static class CancelApi
{
    // A provider has it, may have it, or is being asked. What is queued or waits now was being sent when everything open was cancelled, and
    // came back.
    private static readonly HashSet<string> WithProvider =
    [
        .. new[]
        {
            DeliveryState.Sending,
            DeliveryState.Sent,
            DeliveryState.Delivered,
            DeliveryState.Bounced,
            DeliveryState.Unknown,
            DeliveryState.Queued,
            DeliveryState.Waiting,
        }.Select(state => state.ToName()),
    ];

    public static async Task<IResult> CancelAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        NpgsqlDataSource rows,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        PathId.TryRead(id, "notification", out var notification, out var problem)
            ? await CancelOneAsync(notification, http.Caller().Tenant, database, rows, time, cancellationToken)
            : problem;

    private static async Task<IResult> CancelOneAsync(
        Guid id,
        string tenant,
        NotifyDbContext database,
        NpgsqlDataSource rows,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!await IsRoutedAsync(id, tenant, database, cancellationToken))
        {
            if (!NotificationsApi.IsFresh(id, time))
                return NotificationsApi.NotFound(id, fresh: false);
            // Whoever routes it now finds the wish, or has committed rows that are found here.
            await AskAsync(id, tenant, database, time, cancellationToken);
            if (!await IsRoutedAsync(id, tenant, database, cancellationToken))
                return await IsAnotherTenantsAsync(id, tenant, database, cancellationToken)
                    ? await WithdrawAsync(id, tenant, database, cancellationToken)
                    : new AcceptedResult(id);
        }
        await CancelRows.CancelAsync(rows, tenant, id, cancellationToken);
        return Answer(await CountAsync(id, tenant, database, cancellationToken));
    }

    /// <summary>What stands after it, not what this request changed: who repeats it after a lost answer gets the same one.</summary>
    private static IResult Answer(IReadOnlyList<StateCount> states)
    {
        var done = new CancelledView(
            states.Where(state => state.State == DeliveryState.Cancelled.ToName()).Sum(state => state.Count),
            states.Where(state => WithProvider.Contains(state.State)).Sum(state => state.Count)
        );
        var standing = states.Count == 0 ? "it has none" : string.Join(", ", states.Select(state => $"{state.Count} {state.State}"));
        return done.Cancelled > 0
            ? Results.Json(done, ApiJson.Answers.CancelledView)
            : Problem.NothingToCancel(done.Cancelled, done.AlreadySent, standing);
    }

    /// <summary>Asks for what nobody has, so that the first caller does not wait for the statements to be built.</summary>
    public static async Task WarmUpAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var (database, time) = (
            scope.ServiceProvider.GetRequiredService<NotifyDbContext>(),
            scope.ServiceProvider.GetRequiredService<TimeProvider>()
        );
        var nobodys = UuidV7.New(time.GetUtcNow());
        await NotificationsApi.ReadAsync(nobodys, "", database, cancellationToken);
        await IsRoutedAsync(nobodys, "", database, cancellationToken);
        await CancelRows.CancelAsync(scope.ServiceProvider.GetRequiredService<NpgsqlDataSource>(), "", nobodys, cancellationToken);
        await CountAsync(nobodys, "", database, cancellationToken);
        await IsAnotherTenantsAsync(nobodys, "", database, cancellationToken);
    }

    private static async Task<bool> IsRoutedAsync(Guid id, string tenant, NotifyDbContext database, CancellationToken cancellationToken) =>
        UuidV7.TryGetTime(id, out var acceptedAt)
        && await database.Notifications.AnyAsync(
            n => n.TenantId == tenant && n.AcceptedAt == acceptedAt && n.NotificationId == id,
            cancellationToken
        );

    private static Task<List<StateCount>> CountAsync(
        Guid id,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    ) =>
        database
            .Deliveries.OfNotification(tenant, id)
            .GroupBy(d => d.State)
            .OrderBy(group => group.Key)
            .Select(group => new StateCount(group.Key, group.Count()))
            .ToListAsync(cancellationToken);

    private static Task<int> AskAsync(
        Guid id,
        string tenant,
        NotifyDbContext database,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        database.Database.ExecuteSqlAsync(
            $"INSERT INTO cancellations (notification_id, tenant_id, asked_at) VALUES ({id}, {tenant}, {time.GetUtcNow()}) ON CONFLICT DO NOTHING",
            cancellationToken
        );

    private static async Task<IResult> WithdrawAsync(Guid id, string tenant, NotifyDbContext database, CancellationToken cancellationToken)
    {
        await database.Cancellations.Where(c => c.NotificationId == id && c.TenantId == tenant).ExecuteDeleteAsync(cancellationToken);
        return NotificationsApi.NotFound(id, fresh: false);
    }

    // Tenant by tenant, each by its key: there is no index over all of them, and none is worth its writing.
    private static Task<bool> IsAnotherTenantsAsync(Guid id, string tenant, NotifyDbContext database, CancellationToken cancellationToken)
    {
        var acceptedAt = UuidV7.TimeOf(id);
        return database
            .Tenants.Where(t => t.TenantId != tenant)
            .Join(
                database.Notifications.Where(n => n.AcceptedAt == acceptedAt && n.NotificationId == id),
                t => t.TenantId,
                n => n.TenantId,
                (t, n) => n
            )
            .AnyAsync(cancellationToken);
    }

    private sealed record StateCount(string State, int Count);
}
