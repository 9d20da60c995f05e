using System.Collections.Frozen;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>Which tenants there are, held in memory and read again when it is old or an unknown one is asked for.</summary>
public sealed class TenantDirectory(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Snapshot _snapshot = new(FrozenDictionary<string, bool>.Empty, DateTimeOffset.MinValue);

    /// <summary>Null where there is no such tenant; else whether it is enabled.</summary>
    public async ValueTask<bool?> FindAsync(string tenant, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        var age = time.GetUtcNow() - snapshot.ReadAt;
        var found = snapshot.Enabled.TryGetValue(tenant, out var enabled);
        if (age > MaxAge || (!found && age > MinAge))
            found = (await ReadAsync(snapshot, cancellationToken)).Enabled.TryGetValue(tenant, out enabled);
        return found ? enabled : null;
    }

    private async Task<Snapshot> ReadAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_snapshot, seen))
                return _snapshot; // somebody else just read it
            var tenants = new Dictionary<string, bool>();
            await using var command = database.CreateCommand("SELECT tenant_id, enabled FROM tenants");
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                tenants.Add(rows.GetString(0), rows.GetBoolean(1));
            return _snapshot = new(tenants.ToFrozenDictionary(), time.GetUtcNow());
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Snapshot(FrozenDictionary<string, bool> Enabled, DateTimeOffset ReadAt);
}
