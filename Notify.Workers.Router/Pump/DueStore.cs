using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Pump;

/// <summary>Releases due rows: produced first, marked as queued after, in one transaction that holds them, so that a crash in between only produces them again.</summary>
internal sealed class DueStore(NpgsqlDataSource database, DeliveryProducer producer, RoutingMetrics metrics, TimeProvider time)
{
    private const string TakeSql = """
        SELECT d.tenant_id, d.accepted_at, d.delivery_id, d.notification_id, d.channel, d.lane, d.recipient_id, d.address, d.device::text,
               d.state, coalesce(d.reason, ''), d.at_most_once, d.expires_at, n.request, n.trace_parent
          FROM deliveries d JOIN notifications n USING (tenant_id, accepted_at, notification_id)
         WHERE d.due_at <= now()
         ORDER BY d.due_at LIMIT @limit
           FOR UPDATE OF d SKIP LOCKED
        """;

    private const string MarkSql = """
        UPDATE deliveries d SET state = m.state, reason = m.reason, due_at = NULL, updated_at = now()
          FROM unnest(@tenants, @times, @ids, @states, @reasons) AS m(tenant_id, accepted_at, delivery_id, state, reason)
         WHERE d.tenant_id = m.tenant_id AND d.accepted_at = m.accepted_at AND d.delivery_id = m.delivery_id
        """;

    /// <summary>How many rows were taken.</summary>
    public async Task<int> ReleaseAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await TakeAsync(connection, limit, cancellationToken);
        if (due.Count == 0)
            return 0;
        await producer.ProduceAsync([.. due.Where(row => row.Verdict == DeliveryState.Queued).Select(row => row.ToRecord())]);
        await MarkAsync(connection, due, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var row in due)
            metrics.Released(row.Was == DeliveryStates.ToName(DeliveryState.Sending) ? DeliveryReasons.LeaseExpired : row.Reason);
        return due.Count;
    }

    private async Task<List<DueDelivery>> TakeAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.Add(new("limit", limit));
        var due = new List<DueDelivery>();
        var now = time.GetUtcNow();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DueDelivery(
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(2), reader.GetGuid(3), reader.GetString(4), LaneNames.Parse(reader.GetString(5)),
                reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8),
                reader.GetString(9), reader.GetString(10), reader.GetBoolean(11), reader.GetFieldValue<DateTimeOffset>(12), reader.GetFieldValue<byte[]>(13),
                reader.IsDBNull(14) ? null : reader.GetString(14), now));
        }
        return due;
    }

    private static async Task MarkAsync(NpgsqlConnection connection, List<DueDelivery> due, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MarkSql, connection);
        Intake.RoutingStore.Add(command, "tenants", NpgsqlDbType.Text, due, row => row.Tenant);
        Intake.RoutingStore.Add(command, "times", NpgsqlDbType.TimestampTz, due, row => row.AcceptedAt);
        Intake.RoutingStore.Add(command, "ids", NpgsqlDbType.Uuid, due, row => row.Id);
        Intake.RoutingStore.Add(command, "states", NpgsqlDbType.Text, due, row => row.Verdict.ToName());
        Intake.RoutingStore.Add(command, "reasons", NpgsqlDbType.Text, due, row => row.VerdictReason);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
