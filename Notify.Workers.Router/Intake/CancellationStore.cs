using Notify.Core.Data;
using Notify.Core.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>Cancellations that came before their notification was routed.</summary>
internal static class CancellationStore
{
    private const string ApplySql = """
        UPDATE deliveries d
           SET state = 'cancelled', reason = @reason, due_at = NULL, updated_at = now()
          FROM unnest(@tenants, @times, @ids) AS k(tenant_id, accepted_at, notification_id) JOIN cancellations c USING (tenant_id, notification_id)
         WHERE d.tenant_id = k.tenant_id AND d.accepted_at = k.accepted_at AND d.notification_id = k.notification_id
           AND d.state IN ('queued', 'waiting')
        RETURNING d.delivery_id
        """;

    // Longer than a notification lives by default (three days): one that comes later has expired.
    private const string PurgeSql = """
        DELETE FROM cancellations WHERE ctid = ANY(ARRAY(SELECT ctid FROM cancellations WHERE asked_at < @now - interval '4 days' LIMIT 5000))
        """;

    /// <summary>
    /// Cancels what was asked for meanwhile, and says which deliveries that were. To be called with the rows, so that the pump never sees those of a wish that was there before them; and again when
    /// they are committed: the Api writes its wish first and looks for the rows then, so one of the two sees the other.
    /// </summary>
    public static async Task<HashSet<Guid>> ApplyAsync(NpgsqlConnection connection, List<IncomingNotification> routed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ApplySql, connection);
        command.Parameters.Add(new("reason", DeliveryReasons.Cancelled));
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, routed, notification => notification.Tenant);
        command.Parameters.AddColumn("times", NpgsqlDbType.TimestampTz, routed, notification => notification.AcceptedAt);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, routed, notification => notification.Id);
        var cancelled = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            cancelled.Add(reader.GetGuid(0));
        return cancelled;
    }

    /// <summary>Removes those whose notification can no longer come; a bounded number at a time.</summary>
    public static async Task<int> PurgeAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PurgeSql);
        command.Parameters.Add(new("now", now));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
