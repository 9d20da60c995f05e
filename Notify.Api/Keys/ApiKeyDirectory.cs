using System.Collections.Frozen;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Api.Keys;

/// <summary>
/// All keys, in memory: no database on the accept path, and keys stay good while Postgres is away. Read again every few seconds, and at
/// most once a second when an unknown key comes, so that a new key works at once and a guesser costs nothing.
/// </summary>
internal sealed partial class ApiKeyDirectory(NpgsqlDataSource database, TimeProvider time, ILogger<ApiKeyDirectory> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(3); // a caller with an unknown key waits for it
    private readonly SemaphoreSlim _reading = new(1, 1);
    private FrozenDictionary<KeyHash, Caller> _callers = FrozenDictionary<KeyHash, Caller>.Empty;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private volatile bool _hasRead;
    private volatile bool _isCurrent;

    /// <summary>Whether the keys were ever read. Until then this process knows nobody.</summary>
    public bool HasRead => _hasRead;

    /// <summary>Whether nobody can say that this key does not exist: it is not among those that were read, and the last reading
    /// failed.</summary>
    public bool MayExist(KeyHash key) => !_isCurrent && !_callers.ContainsKey(key);

    /// <summary>The key's holder; null for a key that is unknown, revoked, expired, or of a disabled tenant.</summary>
    public ValueTask<Caller?> FindAsync(KeyHash key, CancellationToken cancellationToken) =>
        _callers.TryGetValue(key, out var caller) || time.GetUtcNow() - _readAt <= MinAge
            ? ValueTask.FromResult(IfValid(caller))
            : ReadAndFindAsync(key, cancellationToken);

    private async ValueTask<Caller?> ReadAndFindAsync(KeyHash key, CancellationToken cancellationToken)
    {
        await TryReadAsync(cancellationToken);
        return IfValid(_callers.GetValueOrDefault(key));
    }

    private Caller? IfValid(Caller? caller) => caller is not null && !(caller.ExpiresAt <= time.GetUtcNow()) ? caller : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await TryReadAsync(stoppingToken);
            await Task.Delay(_isCurrent ? Interval : MinAge, time, stoppingToken);
        }
    }

    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _readAt <= MinAge)
                return; // somebody else just did
            using var limit = new CancellationTokenSource(ReadLimit, time);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            _callers = await ReadAsync(limited.Token);
            _hasRead = _isCurrent = true;
        }
        catch (Exception fault)
            when (!cancellationToken.IsCancellationRequested
                && (DatabaseFaults.IsPassing(fault) || fault is InvalidOperationException or OperationCanceledException)
            )
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

    private async Task<FrozenDictionary<KeyHash, Caller>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT k.hash, k.tenant_id, k.key_id, k.scopes, k.expires_at FROM api_keys k JOIN tenants t USING (tenant_id)
            WHERE k.revoked_at IS NULL AND t.enabled
            """
        );
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var callers = new Dictionary<KeyHash, Caller>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var expiresAt = rows.IsDBNull(4) ? (DateTimeOffset?)null : rows.GetFieldValue<DateTimeOffset>(4);
            callers[new KeyHash(rows.GetFieldValue<byte[]>(0))] = new(
                rows.GetString(1),
                rows.GetString(2),
                rows.GetFieldValue<string[]>(3).ToFrozenSet(),
                expiresAt
            );
        }
        return callers.ToFrozenDictionary();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "API keys could not be read again ({Fault}); the known ones stay good.")]
        public static partial void Stale(ILogger logger, string fault);
    }
}
