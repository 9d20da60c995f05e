using Notify.Api.Auditing;
using Notify.Api.Keys;
using Notify.Core.Auditing;
using Notify.Core.Channels;
using Npgsql;

namespace Notify.Api.Providers;

/// <summary>Gives back devices that a provider's answers disabled.</summary>
internal sealed class DeviceStore(NpgsqlDataSource database, AuditWriter audit)
{
    private const int Step = 5_000;

    // In steps, so that one statement is never as long as the table. A device that was registered again since is active, and not among
    // them.
    private const string RestoreSql = """
        UPDATE devices d
           SET state = 'active', disabled_at = NULL, disabled_reason = NULL
          FROM (SELECT tenant_id, recipient_id, device_id FROM devices
                 WHERE platform = @platform AND state = 'disabled' AND disabled_at >= @since AND disabled_reason = ANY(@codes)
                 ORDER BY tenant_id, recipient_id, device_id LIMIT @step FOR UPDATE) AS k
         WHERE d.tenant_id = k.tenant_id AND d.recipient_id = k.recipient_id AND d.device_id = k.device_id
        RETURNING d.tenant_id, d.recipient_id
        """;

    /// <summary>Whose devices are active again, one entry a device; the audit entry is written with them.</summary>
    public async Task<List<(string Tenant, string Recipient)>> RestoreAsync(
        string provider,
        DateTimeOffset since,
        Owner by,
        Func<int, AuditNote> note,
        CancellationToken cancellationToken
    )
    {
        var restored = new List<(string, string)>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        int before;
        do
        {
            before = restored.Count;
            await using var command = new NpgsqlCommand(RestoreSql, connection);
            command.Parameters.Add(new("platform", provider));
            command.Parameters.Add(new("since", since));
            command.Parameters.Add(new("codes", DoubtfulRefusals.ByProvider[provider].ToArray()));
            command.Parameters.Add(new("step", Step));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                restored.Add((reader.GetString(0), reader.GetString(1)));
        } while (restored.Count - before == Step);
        await audit.WriteAsync(connection, by, note(restored.Count), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return restored;
    }
}
