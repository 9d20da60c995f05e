using Microsoft.EntityFrameworkCore;
using Notify.Api.Paging;
using Notify.Core.Data;
using Notify.Core.Deliveries;

namespace Notify.Api.Notifications;

/// <summary>Reads the pages of <c>GET /v1/notifications</c> and <c>GET /v1/recipients/{id}/notifications</c>.</summary>
internal static class NotificationPages
{
    /// <summary>Deliveries of the recipient that one page reads: a rare state would otherwise be looked for among all of them.</summary>
    internal const int Scanned = 2_000;

    private static readonly string WaitingState = DeliveryState.Waiting.ToName();

    public static async Task<NotificationPage> AllAsync(
        NotificationFilter filter,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var rows = database.Notifications.AsNoTracking().Where(n => n.TenantId == tenant);
        if (filter.From is { } from)
            rows = rows.Where(n => n.AcceptedAt >= from);
        if (filter.To is { } to)
            rows = rows.Where(n => n.AcceptedAt < to);
        if (filter.After is { At: var at, Id: var id }) // the first condition leaves out whole days
            rows = rows.Where(n =>
                n.AcceptedAt <= at && EF.Functions.LessThan(ValueTuple.Create(n.AcceptedAt, n.NotificationId), ValueTuple.Create(at, id))
            );
        var found = await Listed(rows).Take(filter.Limit + 1).ToListAsync(cancellationToken);
        var items = found.Take(filter.Limit).ToList();
        return new(items, found.Count > filter.Limit ? CursorOf(items[^1].AcceptedAt, items[^1].Id) : null);
    }

    /// <summary>Reads the recipient's newest deliveries, bounded, and keeps what the filter wants; the page may be short, and then goes on
    /// behind what was read.</summary>
    public static async Task<NotificationPage> OfRecipientAsync(
        NotificationFilter filter,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var scanned = await ScanAsync(filter, tenant, database, cancellationToken);
        var groups = scanned.GroupBy(d => (d.AcceptedAt, d.NotificationId)).ToList();
        var isBounded = scanned.Count == Scanned;
        if (isBounded && groups.Count > 1)
            groups.RemoveAt(groups.Count - 1); // some of its deliveries may not have been read
        var wanted = groups
            .Select(group => (group.Key, Deliveries: group.Select(d => d.Shown).Where(filter.Wants).ToList()))
            .Where(group => group.Deliveries.Count > 0)
            .Take(filter.Limit + 1)
            .ToList();
        var items = await WithNotificationsAsync([.. wanted.Take(filter.Limit)], tenant, database, cancellationToken);
        var last =
            wanted.Count > filter.Limit ? wanted[filter.Limit - 1].Key
            : isBounded ? groups[^1].Key
            : default;
        return new(items, last == default ? null : CursorOf(last.AcceptedAt, last.NotificationId));
    }

    private static Task<List<ScannedDelivery>> ScanAsync(
        NotificationFilter filter,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var rows = database.Deliveries.AsNoTracking().Where(d => d.TenantId == tenant && d.RecipientId == filter.Recipient);
        if (filter.From is { } from)
            rows = rows.From(from);
        if (filter.To is { } to)
            rows = rows.UpTo(to).Where(d => d.AcceptedAt < to);
        if (filter.After is { At: var at, Id: var id })
            rows = rows.UpTo(at)
                .Where(d => EF.Functions.LessThan(ValueTuple.Create(d.AcceptedAt, d.NotificationId), ValueTuple.Create(at, id)));
        return rows.OrderByDescending(d => d.AcceptedAt)
            .ThenByDescending(d => d.NotificationId)
            .ThenBy(d => d.DeliveryId)
            .Take(Scanned)
            .Select(d => new ScannedDelivery(
                d.AcceptedAt,
                d.NotificationId,
                new ListedDelivery(
                    d.DeliveryId,
                    d.Channel,
                    d.State,
                    d.Reason,
                    d.State == WaitingState ? d.DueAt : null,
                    d.Provider,
                    d.Code,
                    d.SentAt,
                    d.UpdatedAt
                )
            ))
            .ToListAsync(cancellationToken);
    }

    private static async Task<List<ListedNotification>> WithNotificationsAsync(
        List<((DateTimeOffset AcceptedAt, Guid NotificationId) Key, List<ListedDelivery> Deliveries)> wanted,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var times = wanted.Select(group => group.Key.AcceptedAt).Distinct().ToArray();
        var ids = wanted.Select(group => group.Key.NotificationId).ToArray();
        var rows = database
            .Notifications.AsNoTracking()
            .Where(n => n.TenantId == tenant && times.Contains(n.AcceptedAt) && ids.Contains(n.NotificationId));
        var notifications = await Listed(rows).ToDictionaryAsync(n => n.Id, cancellationToken);
        return
        [
            .. wanted
                .Where(group => notifications.ContainsKey(group.Key.NotificationId))
                .Select(group => notifications[group.Key.NotificationId] with { Deliveries = group.Deliveries }),
        ];
    }

    /// <summary>Without the requests, which hold the contents.</summary>
    private static IQueryable<ListedNotification> Listed(IQueryable<Notification> rows) =>
        rows.OrderByDescending(n => n.AcceptedAt)
            .ThenByDescending(n => n.NotificationId)
            .Select(n => new ListedNotification(
                n.NotificationId,
                n.Type,
                n.Category,
                n.Priority,
                n.Lane,
                n.AcceptedAt,
                n.RoutedAt,
                n.ExpiresAt,
                n.DuplicateOf,
                null
            ));

    private static string CursorOf(DateTimeOffset acceptedAt, Guid id) => new PageCursor(acceptedAt, id).ToString();

    private sealed record ScannedDelivery(DateTimeOffset AcceptedAt, Guid NotificationId, ListedDelivery Shown);
}
