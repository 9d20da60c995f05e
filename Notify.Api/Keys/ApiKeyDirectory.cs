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
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(3);   // a caller with an unknown key waits for it
    private readonly SemaphoreSlim _reading = new(1, 1);
    private FrozenDictionary<string, Caller> _callers = FrozenDictionary<string, Caller>.Empty;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private volatile bool _hasRead;
    private volatile bool _isCurrent;

    /// <summary>Whether the keys were ever read. Until then this process knows nobody.</summary>
    public bool HasRead => _hasRead;

    /// <summary>Whether nobody can say that this key does not exist: it is not among those that were read, and the last reading failed.</summary>
    public bool MayExist(string key) => !_isCurrent && !_callers.ContainsKey(NameOf(key));

    /// <summary>The key's holder; null for a key that is unknown, revoked, expired, or of a disabled tenant.</summary>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = NameOf(key);
        if (!_callers.TryGetValue(hash, out var caller) && time.GetUtcNow() - _readAt > MinAge)
        {
            await TryReadAsync(cancellationToken);
            _callers.TryGetValue(hash, out caller);
        }
        return caller is not null && !(caller.ExpiresAt <= time.GetUtcNow()) ? caller : null;
    }

    private static string NameOf(string key) => Convert.ToHexString(KeyText.Hash(key));

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
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(ReadLimit);
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<NotifyDbContext>();
            var keys = await database.ApiKeys.AsNoTracking()
                .Where(key => key.RevokedAt == null && database.Tenants.Any(tenant => tenant.TenantId == key.TenantId && tenant.Enabled))
                .ToListAsync(limited.Token);
            _callers = keys.ToFrozenDictionary(key => Convert.ToHexString(key.Hash), key => new Caller(key.TenantId, key.KeyId, key.Scopes.ToFrozenSet(), key.ExpiresAt));
            _hasRead = _isCurrent = true;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && (DatabaseFaults.IsPassing(fault) || fault is InvalidOperationException or OperationCanceledException))
        {
            _isCurrent = false;
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
