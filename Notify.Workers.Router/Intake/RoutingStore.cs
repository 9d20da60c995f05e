using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Notify.Workers.Router.Shares;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>
/// Writes a batch in one transaction. The notification row decides about a replayed record: where it exists already nothing is decided
/// again, and its deliveries that are still queued come back to be produced again, which the claim makes harmless.
/// </summary>
internal sealed class RoutingStore(NpgsqlDataSource database, DayPartitions days, TenantShares shares, TimeProvider time)
{
    private const string InsertNotificationsSql = """
        INSERT INTO notifications (tenant_id, accepted_at, notification_id, type, category, priority, lane, request, expires_at, duplicate_of, trace_parent, routed_at)
        SELECT * FROM unnest(@tenants, @times, @ids, @types, @categories, @priorities, @lanes, @requests, @expiries, @duplicates, @traces, @routed)
        ON CONFLICT DO NOTHING
        RETURNING tenant_id, notification_id
        """;

    private const string StillQueuedSql = """
        SELECT d.tenant_id, d.notification_id, d.delivery_id, d.channel, d.recipient_id, d.address, d.device
          FROM unnest(@tenants, @ids, @firsts, @lasts) AS k(tenant_id, notification_id, first, last)
          JOIN deliveries d ON d.delivery_id BETWEEN k.first AND k.last AND d.notification_id = k.notification_id AND d.tenant_id = k.tenant_id
         WHERE d.state = 'queued'
        """;

    /// <summary>Ends queued deliveries that can never be sent.</summary>
    public Task FailAsync(IReadOnlyList<SendableDelivery> deliveries, string reason, CancellationToken cancellationToken) =>
        FailRows.FailAsync(
            database,
            deliveries.Select(delivery => new DeliveryKey(delivery.Notification.Tenant, delivery.Delivery.Id)),
            reason,
            cancellationToken
        );

    public async Task<IReadOnlyList<SendableDelivery>> WriteAsync(
        IReadOnlyList<IncomingNotification> batch,
        Func<IncomingNotification, Guid?, RoutedNotification> plan,
        CancellationToken cancellationToken
    )
    {
        // The same notification twice in one batch (a producer's own retry) is routed once.
        var distinct = batch.DistinctBy(notification => (notification.Tenant, notification.Id)).ToList();
        try
        {
            return await WriteOnceAsync(distinct, plan, cancellationToken);
        }
        catch (PostgresException refused) when (DatabaseFaults.IsMissingDay(refused))
        {
            // Days are made ahead of their time. This one was not: an old record is replayed, or no Router ran for days. Nothing was
            // written, so the batch begins again.
            await days.EnsureAsync(distinct.Select(notification => notification.AcceptedAt), cancellationToken);
            return await WriteOnceAsync(distinct, plan, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<SendableDelivery>> WriteOnceAsync(
        List<IncomingNotification> distinct,
        Func<IncomingNotification, Guid?, RoutedNotification> plan,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owners = await DedupKeyStore.TakeAsync(connection, distinct, time.GetUtcNow(), cancellationToken);
        var routed = distinct.ConvertAll(notification => plan(notification, owners.GetValueOrDefault(notification)));
        var added = await InsertNotificationsAsync(connection, routed, cancellationToken);
        var fresh = routed.Where(notification => added.Contains((notification.Incoming.Tenant, notification.Incoming.Id))).ToList();
        var waiting = OverTheirShare(fresh);
        await InsertRows.InsertAsync(connection, fresh.SelectMany(notification => RowsOf(notification, waiting)), cancellationToken);
        var sendable = fresh
            .SelectMany(notification =>
                notification
                    .Deliveries.Where(delivery => delivery.SkipReason is null && !waiting.Contains(delivery.Id))
                    .Select(delivery => new SendableDelivery(notification.Incoming, delivery))
            )
            .ToList();
        var replayed = routed
            .Where(notification => !added.Contains((notification.Incoming.Tenant, notification.Incoming.Id)))
            .Select(notification => notification.Incoming)
            .ToList();
        sendable.AddRange(await StillQueuedAsync(connection, replayed, cancellationToken));
        // Cancels what was asked for before its notification came here: with the rows, so that the pump never sees those of a wish that was
        // there first, and again when they are committed. The Api writes its wish and looks for the rows then, so one of the two sees the
        // other.
        var ids = distinct.ConvertAll(notification => (notification.Tenant, notification.Id));
        var cancelled = await CancelRows.CancelAskedForAsync(connection, ids, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        cancelled.UnionWith(await CancelRows.CancelAskedForAsync(connection, ids, cancellationToken));
        sendable.RemoveAll(delivery => cancelled.Contains(delivery.Delivery.Id));
        return sendable;
    }

    /// <summary>The deliveries that wait for their tenant's turn: what goes over its share of the lane, the last first.</summary>
    private HashSet<Guid> OverTheirShare(List<RoutedNotification> routed)
    {
        var waiting = new HashSet<Guid>();
        var groups = routed
            .SelectMany(notification =>
                notification
                    .Deliveries.Where(delivery => delivery.SkipReason is null)
                    .Select(delivery => (notification.Incoming.Tenant, delivery.Channel, notification.Incoming.Lane, delivery.Id))
            )
            .GroupBy(delivery => (delivery.Tenant, delivery.Channel, delivery.Lane));
        foreach (var group in groups)
        {
            var ids = group.Select(delivery => delivery.Id).ToList();
            waiting.UnionWith(ids.Skip(shares.Take(group.Key.Channel, group.Key.Lane, group.Key.Tenant, ids.Count)));
        }
        return waiting;
    }

    private async Task<HashSet<(string, Guid)>> InsertNotificationsAsync(
        NpgsqlConnection connection,
        List<RoutedNotification> routed,
        CancellationToken cancellationToken
    )
    {
        // One order everywhere: two routers that write the same rows wait for each other instead of locking each other out.
        var rows = routed.OrderBy(notification => notification.Incoming.Id).ToList();
        await using var command = new NpgsqlCommand(InsertNotificationsSql, connection);
        var now = time.GetUtcNow();
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => row.Incoming.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, rows, row => row.Incoming.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => row.Incoming.Id);
        command.Parameters.AddColumn("types", NpgsqlDbType.Text, rows, row => row.Incoming.Request.EffectiveType());
        command.Parameters.AddColumn("categories", NpgsqlDbType.Text, rows, row => row.Incoming.Request.Category);
        command.Parameters.AddColumn("priorities", NpgsqlDbType.Text, rows, row => row.Incoming.Request.EffectivePriority());
        command.Parameters.AddColumn("lanes", NpgsqlDbType.Text, rows, row => row.Incoming.Lane.ToName());
        command.Parameters.AddColumn("requests", NpgsqlDbType.Bytea, rows, row => row.Incoming.Record.Value);
        command.Parameters.AddColumn("expiries", NpgsqlDbType.TimestampTz, rows, row => row.Incoming.ExpiresAt);
        command.Parameters.AddColumn("duplicates", NpgsqlDbType.Uuid, rows, row => row.DuplicateOf);
        command.Parameters.AddColumn("traces", NpgsqlDbType.Text, rows, row => row.Incoming.TraceParent);
        command.Parameters.AddColumn("routed", NpgsqlDbType.TimestampTz, rows, _ => now);
        var added = new HashSet<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            added.Add((reader.GetString(0), reader.GetGuid(1)));
        return added;
    }

    private static IEnumerable<NewRow> RowsOf(RoutedNotification notification, HashSet<Guid> waiting)
    {
        var incoming = notification.Incoming;
        foreach (var delivery in notification.Deliveries)
        {
            var (state, reason) =
                delivery.SkipReason is { } skipped ? (DeliveryState.Skipped, skipped)
                : waiting.Contains(delivery.Id) ? (DeliveryState.Waiting, DeliveryReasons.Share)
                : (DeliveryState.Queued, null);
            yield return new(
                new(incoming.Tenant, delivery.Id),
                incoming.Id,
                delivery.Channel,
                incoming.Lane,
                delivery.RecipientId,
                delivery.Address,
                delivery.Device,
                state,
                reason,
                notification.AtMostOnce,
                incoming.ExpiresAt
            );
        }
    }

    private static async Task<List<SendableDelivery>> StillQueuedAsync(
        NpgsqlConnection connection,
        List<IncomingNotification> replayed,
        CancellationToken cancellationToken
    )
    {
        var queued = new List<SendableDelivery>();
        if (replayed.Count == 0)
            return queued;
        var byId = replayed.ToDictionary(notification => (notification.Tenant, notification.Id));
        await using var command = new NpgsqlCommand(StillQueuedSql, connection);
        command.Parameters.AddNotifications(replayed.ConvertAll(row => (row.Tenant, row.Id)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (TryRead(reader) is { } delivery)
                queued.Add(new(byId[(reader.GetString(0), reader.GetGuid(1))], delivery));
        }
        return queued;
    }

    /// <summary>Null where this version cannot read the row: it stays queued, and is set aside when it comes due.</summary>
    private static PlannedDelivery? TryRead(NpgsqlDataReader row)
    {
        if (!ChannelNames.TryParse(row.GetString(3), out var channel) || row.IsDBNull(5))
            return null;
        try
        {
            var device = row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), DeliveryJson.Default.DeviceInfo);
            return new(row.GetGuid(2), channel, row.IsDBNull(4) ? null : row.GetString(4), row.GetString(5), device, null);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
