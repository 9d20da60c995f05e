using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Notify.Core.Data;

namespace Notify.Api.Keys;

/// <summary>
/// All keys, in memory: no database on the accept path, and keys stay good while Postgres is away. Read again every few seconds, and at most once a
/// second when an unknown key comes, so that a new key works at once and a guesser costs nothing.
/// </summary>
internal sealed partial class ApiKeyDirectory(IServiceScopeFactory scopes, TimeProvider time, ILogger<ApiKeyDirectory> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private FrozenDictionary<string, Caller> _callers = FrozenDictionary<string, Caller>.Empty;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>The key's holder; null for a key that is unknown, revoked, expired, or of a disabled tenant.</summary>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(KeyText.Hash(key));
        if (!_callers.TryGetValue(hash, out var caller) && time.GetUtcNow() - _readAt > MinAge)
        {
            await TryReadAsync(cancellationToken);
            _callers.TryGetValue(hash, out caller);
        }
        return caller is not null && !(caller.ExpiresAt <= time.GetUtcNow()) ? caller : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await TryReadAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _readAt <= MinAge)
                return;   // somebody else just did
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<NotifyDbContext>();
            var keys = await database.ApiKeys.AsNoTracking()
                .Where(key => key.RevokedAt == null && database.Tenants.Any(tenant => tenant.TenantId == key.TenantId && tenant.Enabled))
                .ToListAsync(cancellationToken);
            _callers = keys.ToFrozenDictionary(key => Convert.ToHexString(key.Hash), key => new Caller(key.TenantId, key.KeyId, key.Scopes.ToFrozenSet(), key.ExpiresAt));
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && (DatabaseFaults.IsPassing(fault) || fault is InvalidOperationException or OperationCanceledException))
        {
            Log.Stale(logger, fault.GetType().Name);
        }
        finally
        {
            _readAt = time.GetUtcNow();
            _reading.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "API keys could not be read again ({Fault}); the known ones stay good.")]
        public static partial void Stale(ILogger logger, string fault);
    }
}
