using System.Collections.Frozen;
using Notify.Core.Preferences;
using Npgsql;

namespace Notify.Core.Tenants;

/// <summary>Which tenants there are and what they have set, held in memory and read again when it is old or an unknown one is asked
/// for.</summary>
public sealed class TenantDirectory(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private Snapshot _snapshot = new(FrozenDictionary<string, Kept>.Empty, DateTimeOffset.MinValue);

    /// <summary>What is known of it; null where there is no such tenant. A change is seen within five seconds.</summary>
    public async ValueTask<TenantEntry?> FindAsync(string tenant, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        var age = time.GetUtcNow() - snapshot.ReadAt;
        var found = snapshot.Tenants.GetValueOrDefault(tenant);
        if (age > MaxAge || (found is null && age > MinAge))
            found = (await ReadAsync(snapshot, cancellationToken)).Tenants.GetValueOrDefault(tenant);
        return found?.Entry;
    }

    /// <summary>Reads again where what is known is old: whoever is about to hold rows does this first, and asks <see cref="Peek"/>
    /// then.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        if (_snapshot is var snapshot && time.GetUtcNow() - snapshot.ReadAt > MaxAge)
            await ReadAsync(snapshot, cancellationToken);
    }

    /// <summary>What was known of it when the tenants were last read; null where there was no such tenant.</summary>
    public TenantEntry? Peek(string tenant) => _snapshot.Tenants.GetValueOrDefault(tenant)?.Entry;

    private async Task<Snapshot> ReadAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_snapshot, seen))
                return _snapshot; // somebody else just read it
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var rows = await TenantRows.ReadAsync(connection, cancellationToken);
            var changed = rows.FindAll(row => seen.Tenants.GetValueOrDefault(row.Tenant)?.Version != row.Version);
            // A tenant that has never set anything has no categories either.
            var categories = await TenantRows.CategoriesAsync(
                connection,
                [.. changed.Where(row => row.Version > 0).Select(row => row.Tenant)],
                cancellationToken
            );
            var tenants = rows.ToFrozenDictionary(row => row.Tenant, row => Keep(row, seen, categories));
            return _snapshot = new(tenants, time.GetUtcNow());
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What has not changed stays: of thousands of tenants one is changed now and then.</summary>
    private static Kept Keep(TenantRow row, Snapshot seen, ILookup<string, Category> categories)
    {
        if (seen.Tenants.TryGetValue(row.Tenant, out var kept) && kept.Version == row.Version && kept.Entry.IsEnabled == row.IsEnabled)
            return kept;
        var own =
            kept is not null && kept.Version == row.Version
                ? kept.Entry.Categories
                : categories[row.Tenant].ToFrozenDictionary(category => category.Id);
        return new(row.Version, new(row.IsEnabled, row.Consent, own));
    }

    private sealed record Snapshot(FrozenDictionary<string, Kept> Tenants, DateTimeOffset ReadAt);

    private sealed record Kept(long Version, TenantEntry Entry);
}
