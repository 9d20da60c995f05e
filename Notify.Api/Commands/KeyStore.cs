using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Core.Data;

namespace Notify.Api.Commands;

/// <summary>Adds keys, and the tenant they are for.</summary>
internal static class KeyStore
{
    /// <summary>A key id that is there already gets the new key in its place.</summary>
    public static async Task AddAsync(
        NotifyDbContext database, string tenant, string keyId, string key, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"INSERT INTO tenants (tenant_id, enabled, created_at) VALUES ({tenant}, true, {now}) ON CONFLICT DO NOTHING", cancellationToken);
        await database.Database.ExecuteSqlAsync($"""
            INSERT INTO api_keys (tenant_id, key_id, hash, scopes, created_at, expires_at) VALUES ({tenant}, {keyId}, {KeyText.Hash(key)}, {scopes.ToArray()}, {now}, {expiresAt})
            ON CONFLICT (tenant_id, key_id) DO UPDATE SET hash = excluded.hash, scopes = excluded.scopes, created_at = excluded.created_at, expires_at = excluded.expires_at, revoked_at = NULL
            """, cancellationToken);
    }
}
