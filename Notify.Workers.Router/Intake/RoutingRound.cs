using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>The transaction that a part of a batch is routed in.</summary>
internal sealed class RoutingRound : IAsyncDisposable
{
    private const string InsertNotificationsSql = """
        INSERT INTO notifications (tenant_id, accepted_at, notification_id, type, category, priority, lane, request, expires_at,
                                   duplicate_of, trace_parent, routed_at)
        SELECT * FROM unnest(@tenants, @times, @ids, @types, @categories, @priorities, @lanes, @requests, @expiries,
                             @duplicates, @traces, @routed)
        ON CONFLICT DO NOTHING
        RETURNING tenant_id, notification_id
        """;

    private const string StillQueuedSql = """
        SELECT d.tenant_id, d.notification_id, d.delivery_id, d.channel, d.recipient_id, d.address, d.device
          FROM unnest(@tenants, @ids, @firsts, @lasts) AS k(tenant_id, notification_id, first, last)
          JOIN deliveries d ON d.delivery_id BETWEEN k.first AND k.last AND d.notification_id = k.notification_id
           AND d.tenant_id = k.tenant_id
         WHERE d.state = 'queued'
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private RoutingRound(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now) =>
        (_connection, _transaction, Now) = (connection, transaction, now);

    /// <summary>When it began: the time of all that is decided in it.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>For what follows the commit.</summary>
    public NpgsqlConnection Connection => _connection;

    public static async Task<RoutingRound> BeginAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new(connection, await connection.BeginTransactionAsync(cancellationToken), now);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first holder of a key, for each notification that is not the first one itself.</summary>
    public Task<Dictionary<IncomingNotification, Guid?>> TakeKeysAsync(
        IReadOnlyList<IncomingNotification> notifications,
        CancellationToken cancellationToken
    ) => DedupKeyStore.TakeAsync(_connection, notifications, Now, cancellationToken);

    /// <summary>Writes the notifications; which of them are new, and which were written before.</summary>
    public async Task<(List<RoutedNotification> Fresh, List<IncomingNotification> Known)> AddNotificationsAsync(
        IReadOnlyList<RoutedNotification> routed,
        CancellationToken cancellationToken
    )
    {
        // One order everywhere: two routers that write the same rows wait for each other instead of locking each other out.
        var rows = routed.OrderBy(notification => notification.Incoming.Id).ToList();
        await using var command = new NpgsqlCommand(InsertNotificationsSql, _connection);
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => row.Incoming.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, rows, row => row.Incoming.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => row.Incoming.Id);
        command.Parameters.AddColumn("types", NpgsqlDbType.Text, rows, row => row.Incoming.Terms.Type);
        command.Parameters.AddColumn("categories", NpgsqlDbType.Text, rows, row => row.Incoming.Request.Category);
        command.Parameters.AddColumn("priorities", NpgsqlDbType.Text, rows, row => row.Incoming.Request.EffectivePriority());
        command.Parameters.AddColumn("lanes", NpgsqlDbType.Text, rows, row => row.Incoming.Lane.ToName());
        command.Parameters.AddColumn("requests", NpgsqlDbType.Bytea, rows, row => row.Incoming.Record.Value);
        command.Parameters.AddColumn("expiries", NpgsqlDbType.TimestampTz, rows, row => row.Incoming.ExpiresAt);
        command.Parameters.AddColumn("duplicates", NpgsqlDbType.Uuid, rows, row => row.DuplicateOf);
        command.Parameters.AddColumn("traces", NpgsqlDbType.Text, rows, row => row.Incoming.TraceParent);
        command.Parameters.AddColumn("routed", NpgsqlDbType.TimestampTz, rows, _ => Now);
        var added = new HashSet<(string, Guid)>(rows.Count);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                added.Add((reader.GetString(0), reader.GetGuid(1)));
        }
        var (fresh, known) = (new List<RoutedNotification>(added.Count), new List<IncomingNotification>());
        foreach (var notification in routed)
        {
            if (added.Contains((notification.Incoming.Tenant, notification.Incoming.Id)))
                fresh.Add(notification);
            else
                known.Add(notification.Incoming);
        }
        return (fresh, known);
    }

    /// <param name="fresh">The notifications that are new.</param>
    /// <param name="waiting">Those of their deliveries that wait for their tenant's turn.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task AddDeliveriesAsync(IReadOnlyList<RoutedNotification> fresh, HashSet<Guid> waiting, CancellationToken cancellationToken) =>
        InsertRows.InsertAsync(_connection, fresh.SelectMany(notification => RowsOf(notification, waiting)), cancellationToken);

    /// <summary>The deliveries of notifications that were written before, as far as nobody has begun to send them.</summary>
    public async Task<List<Sendable>> StillQueuedAsync(
        IReadOnlyList<IncomingNotification> known,
        Func<IncomingNotification, string?> traceParent,
        CancellationToken cancellationToken
    )
    {
        var queued = new List<Sendable>();
        if (known.Count == 0)
            return queued;
        var byId = known.ToDictionary(notification => (notification.Tenant, notification.Id));
        await using var command = new NpgsqlCommand(StillQueuedSql, _connection);
        command.Parameters.AddNotifications([.. known.Select(row => (row.Tenant, row.Id))]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var notification = byId[(reader.GetString(0), reader.GetGuid(1))];
            if (TryRead(reader, notification) is { } row)
                queued.Add(new(row, notification.Request, traceParent(notification)));
        }
        return queued;
    }

    /// <summary>Commits, and cancels with the rows what was asked for before its notification came here, so that the pump never sees
    /// those. <see cref="AfterCommit"/> looks again.</summary>
    /// <returns>The deliveries that are cancelled.</returns>
    public async Task<HashSet<Guid>> CommitAsync(IReadOnlyList<IncomingNotification> taken, CancellationToken cancellationToken)
    {
        var cancelled = await CancelRows.CancelAskedForAsync(_connection, taken.Keys(), cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
        return cancelled;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static IEnumerable<NewRow> RowsOf(RoutedNotification notification, HashSet<Guid> waiting)
    {
        var incoming = notification.Incoming;
        foreach (var (candidate, decision, trace) in notification.Deliveries)
        {
            var isHeld = decision.IsSend && waiting.Contains(candidate.Id);
            yield return new(
                new(incoming.Tenant, candidate.Id),
                incoming.Id,
                candidate.Channel,
                incoming.Lane,
                candidate.RecipientId,
                candidate.Address,
                candidate.Device,
                isHeld ? DeliveryState.Waiting : decision.State,
                isHeld ? DeliveryReasons.Share : decision.Reason,
                notification.AtMostOnce,
                incoming.ExpiresAt,
                decision.Until,
                trace
            );
        }
    }

    /// <summary>Null where this version cannot read the row: it stays queued, and is set aside when it comes due.</summary>
    private static OpenDelivery? TryRead(NpgsqlDataReader row, IncomingNotification notification)
    {
        if (!ChannelNames.TryParse(row.GetString(3), out var channel) || row.IsDBNull(5))
            return null;
        try
        {
            return new(
                new(notification.Tenant, row.GetGuid(2)),
                notification.Id,
                channel,
                notification.Lane,
                row.IsDBNull(4) ? null : row.GetString(4),
                row.GetString(5),
                row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), DeliveryJson.Default.DeviceInfo),
                Attempt: 0,
                notification.ExpiresAt
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
