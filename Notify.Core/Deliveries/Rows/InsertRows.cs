using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Deliveries.Rows;

/// <summary>Writes new deliveries; one that is there already stays as it is.</summary>
public static class InsertRows
{
    private const string Sql = $"""
        WITH k AS MATERIALIZED (
            SELECT * FROM unnest(@ids, @notifications, @tenants, @times, @channels, @lanes, @recipients, @addresses, @devices, @once, @expiries,
                                 @states, @reasons, @dues, @decisions)
              AS u(delivery_id, notification_id, tenant_id, accepted_at, channel, lane, recipient_id, address, device, at_most_once, expires_at,
                   state, reason, due_at, decision)),
        batches AS (
            {QueuedBatches.InsertSql})
        INSERT INTO deliveries (delivery_id, notification_id, tenant_id, accepted_at, channel, lane, recipient_id, address, device,
                                at_most_once, expires_at, state, reason, attempt, fence, due_at, queued_at, decision)
        SELECT delivery_id, notification_id, tenant_id, accepted_at, channel, lane, recipient_id, address, device::jsonb,
               at_most_once, expires_at, state, reason, 0, 0,
               CASE WHEN state = 'waiting' THEN least(due_at, expires_at) END, CASE WHEN state = 'queued' THEN now() END, decision
          FROM k
        ON CONFLICT DO NOTHING
        """;

    public static async Task InsertAsync(NpgsqlConnection connection, IEnumerable<NewRow> added, CancellationToken cancellationToken)
    {
        var rows = RowKeys.InLockOrder(added, row => row.Key);
        if (rows.Count == 0)
            return;
        await using var command = new NpgsqlCommand(Sql, connection);
        var parameters = command.Parameters;
        parameters.AddColumn("ids", NpgsqlDbType.Uuid, rows, row => row.Key.Id);
        parameters.AddColumn("notifications", NpgsqlDbType.Uuid, rows, row => row.NotificationId);
        parameters.AddColumn("tenants", NpgsqlDbType.Text, rows, row => row.Key.Tenant);
        parameters.AddColumn("times", NpgsqlDbType.TimestampTz, rows, row => row.Key.AcceptedAt);
        parameters.AddColumn("channels", NpgsqlDbType.Text, rows, row => row.Channel.ToName());
        parameters.AddColumn("lanes", NpgsqlDbType.Text, rows, row => row.Lane.ToName());
        parameters.AddColumn("recipients", NpgsqlDbType.Text, rows, row => row.RecipientId);
        parameters.AddColumn("addresses", NpgsqlDbType.Text, rows, row => row.Address);
        parameters.AddColumn("devices", NpgsqlDbType.Text, rows, row => DeviceText(row.Device));
        parameters.AddColumn("once", NpgsqlDbType.Boolean, rows, row => row.AtMostOnce);
        parameters.AddColumn("expiries", NpgsqlDbType.TimestampTz, rows, row => row.ExpiresAt);
        parameters.AddColumn("states", NpgsqlDbType.Text, rows, row => row.State.ToName());
        parameters.AddColumn("reasons", NpgsqlDbType.Text, rows, row => row.Reason);
        parameters.AddColumn("dues", NpgsqlDbType.TimestampTz, rows, row => row.DueAt);
        parameters.AddColumn("decisions", NpgsqlDbType.Text, rows, row => row.Decision);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? DeviceText(DeviceInfo? device) =>
        device is null ? null : JsonSerializer.Serialize(device, DeliveryJson.Default.DeviceInfo);
}
