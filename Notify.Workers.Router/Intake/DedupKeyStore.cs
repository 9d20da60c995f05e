using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Workers.Router.Intake;

/// <summary>Which notification had a key first, within 24 hours. Postgres decides, also when Redis was flushed or the producer never met
/// the Api.</summary>
internal static class DedupKeyStore
{
    private const string TakeSql = """
        DELETE FROM dedup_keys k USING unnest(@tenants, @keys) AS g(tenant_id, key)
         WHERE k.tenant_id = g.tenant_id AND k.key = g.key AND k.created_at < @now - interval '24 hours';
        INSERT INTO dedup_keys (tenant_id, key, notification_id, created_at)
        SELECT t, k, n, @now FROM unnest(@tenants, @keys, @ids) AS g(t, k, n) ON CONFLICT DO NOTHING;
        SELECT k.tenant_id, k.key, k.notification_id
          FROM dedup_keys k JOIN unnest(@tenants, @keys) AS g(tenant_id, key) USING (tenant_id, key);
        """;

    /// <summary>Removes keys that have had their day; a bounded number at a time, beside the traffic.</summary>
    public static async Task<int> PurgeAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM dedup_keys WHERE ctid = ANY(ARRAY(SELECT ctid FROM dedup_keys WHERE created_at < @now - interval '24 hours' LIMIT 5000))
            """
        );
        command.Parameters.Add(new("now", now));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first holder for each notification that is not the first one itself.</summary>
    public static async Task<Dictionary<IncomingNotification, Guid?>> TakeAsync(
        NpgsqlConnection connection,
        IEnumerable<IncomingNotification> notifications,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // In one order, so that two routers with the same keys wait for each other instead of locking each other out;
        // within a key by id, so that the earlier notification is the first.
        var keys = notifications
            .SelectMany(notification => notification.DedupKeys().Select(key => (Notification: notification, Key: key)))
            .OrderBy(entry => entry.Notification.Tenant, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .ThenBy(entry => entry.Notification.Id)
            .ToList();
        var duplicates = new Dictionary<IncomingNotification, Guid?>();
        if (keys.Count == 0)
            return duplicates;
        await using var command = new NpgsqlCommand(TakeSql, connection);
        command.Parameters.Add(new("now", now));
        command.Parameters.AddColumn("tenants", NpgsqlDbType.Text, keys, entry => entry.Notification.Tenant);
        command.Parameters.AddColumn("keys", NpgsqlDbType.Text, keys, entry => entry.Key);
        command.Parameters.AddColumn("ids", NpgsqlDbType.Uuid, keys, entry => entry.Notification.Id);
        var owners = new Dictionary<(string Tenant, string Key), Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                owners[(reader.GetString(0), reader.GetString(1))] = reader.GetGuid(2);
        }
        foreach (var (notification, key) in keys)
        {
            if (owners[(notification.Tenant, key)] is var owner && owner != notification.Id)
                duplicates[notification] = owner;
        }
        return duplicates;
    }
}
