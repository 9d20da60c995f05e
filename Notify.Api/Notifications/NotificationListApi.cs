using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary><c>GET /v1/notifications</c>: a tenant's notifications or those to one recipient, the newest first. See
/// docs/decisions/0007-lists-read-an-index.md.</summary>
internal static class NotificationListApi
{
    /// <summary>Deliveries of the recipient that one page reads: a rare state would otherwise be looked for among all of them.</summary>
    internal const int Scanned = 2_000;

    public static async Task<IResult> ListAsync(
        [AsParameters] NotificationQuery query,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (query.Unindexed() is { Count: > 0 } unindexed)
            return Problem.InvalidQuery(unindexed);
        var errors = new List<FieldError>();
        return await ListAsync(query.Read(errors), errors, http, database, cancellationToken);
    }

    /// <summary><c>GET /v1/recipients/{id}/notifications</c>. Of a recipient that is not there, or not any more, it has what there
    /// is.</summary>
    public static Task<IResult> ListOfRecipientAsync(
        string id,
        [AsParameters] RecipientNotificationQuery query,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        return ListAsync(query.Read(id, errors), errors, http, database, cancellationToken);
    }

    private static async Task<IResult> ListAsync(
        NotificationFilter filter,
        List<FieldError> errors,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var page = filter.Recipient is null
            ? await AllAsync(filter, tenant, database, cancellationToken)
            : await OfRecipientAsync(filter, tenant, database, cancellationToken);
        return Results.Json(page, ApiJson.Answers.NotificationPage);
    }

    private static async Task<NotificationPage> AllAsync(
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
    private static async Task<NotificationPage> OfRecipientAsync(
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
            .Select(group =>
                (
                    group.Key,
                    Deliveries: group
                        .Where(d => (filter.State ?? d.State) == d.State && (filter.Channel ?? d.Channel) == d.Channel)
                        .ToList()
                )
            )
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
                d.DeliveryId,
                d.Channel,
                d.State,
                d.Reason,
                d.DueAt,
                d.Provider,
                d.Code,
                d.SentAt,
                d.UpdatedAt
            ))
            .ToListAsync(cancellationToken);
    }

    private static async Task<List<ListedNotification>> WithNotificationsAsync(
        List<((DateTimeOffset AcceptedAt, Guid NotificationId) Key, List<ScannedDelivery> Deliveries)> wanted,
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
                .Select(group =>
                    notifications[group.Key.NotificationId] with
                    {
                        Deliveries = [.. group.Deliveries.Select(d => d.ToView())],
                    }
                ),
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

    private sealed record ScannedDelivery(
        DateTimeOffset AcceptedAt,
        Guid NotificationId,
        Guid Id,
        string Channel,
        string State,
        string? Reason,
        DateTimeOffset? DueAt,
        string? Provider,
        string? Code,
        DateTimeOffset? SentAt,
        DateTimeOffset UpdatedAt
    )
    {
        public ListedDelivery ToView() =>
            new(Id, Channel, State, Reason, State == DeliveryState.Waiting.ToName() ? DueAt : null, Provider, Code, SentAt, UpdatedAt);
    }
}

/// <summary>One page of notifications, the newest first; <c>cursor</c> takes <see cref="Next"/>.</summary>
internal sealed record NotificationPage(IReadOnlyList<ListedNotification> Items, string? Next);

/// <summary>A notification in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Category">The tenant's own grouping.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="AcceptedAt">When the API took it.</param>
/// <param name="RoutedAt">When its deliveries were decided.</param>
/// <param name="ExpiresAt">When what is unsent expires.</param>
/// <param name="DuplicateOf">The notification that had the same key first.</param>
/// <param name="Deliveries">Where a recipient was asked for, the deliveries to it that the filter wants; absent otherwise.</param>
internal sealed record ListedNotification(
    Guid Id,
    string Type,
    string? Category,
    string Priority,
    string Lane,
    DateTimeOffset AcceptedAt,
    DateTimeOffset RoutedAt,
    DateTimeOffset ExpiresAt,
    Guid? DuplicateOf,
    IReadOnlyList<ListedDelivery>? Deliveries
);

/// <summary>A delivery in a list: without its address and its attempts, which <c>GET /v1/notifications/{id}</c> has.</summary>
internal sealed record ListedDelivery(
    Guid Id,
    string Channel,
    string State,
    string? Reason,
    DateTimeOffset? DueAt,
    string? Provider,
    string? Code,
    DateTimeOffset? SentAt,
    DateTimeOffset UpdatedAt
);
