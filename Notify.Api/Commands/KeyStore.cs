using Notify.Api.Keys;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Commands;

/// <summary>Adds keys, and the tenant they are for.</summary>
internal static class KeyStore
{
    /// <summary>A key id that is there already gets the new key in its place.</summary>
    public static async Task AddAsync(
        NpgsqlDataSource database,
        string tenant,
        string keyId,
        string key,
        IReadOnlyList<string> scopes,
        DateTimeOffset? expiresAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            """
            WITH tenant AS (
                INSERT INTO tenants (tenant_id, enabled, created_at) VALUES (@tenant, true, @now) ON CONFLICT DO NOTHING)
            INSERT INTO api_keys (tenant_id, key_id, hash, scopes, created_at, expires_at)
            VALUES (@tenant, @id, @hash, @scopes, @now, @expires)
            ON CONFLICT (tenant_id, key_id) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes,
                created_at = excluded.created_at, expires_at = excluded.expires_at, revoked_at = NULL
            """
        );
        command.Parameters.Add(new("tenant", tenant));
        command.Parameters.Add(new("id", keyId));
        command.Parameters.Add(new("hash", KeyText.Hash(key)));
        command.Parameters.Add(new("scopes", scopes.ToArray()));
        command.Parameters.Add(new("now", now));
        command.Parameters.Add(new("expires", NpgsqlDbType.TimestampTz) { Value = (object?)expiresAt ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
