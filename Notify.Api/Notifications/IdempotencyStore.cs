using System.Security.Cryptography;
using Notify.Core.Caching;
using StackExchange.Redis;

namespace Notify.Api.Notifications;

/// <summary>
/// Remembers what an Idempotency-Key was answered with, for 24 hours, by tenant, route and key. It is quick and may forget (Redis may be flushed or
/// away): the Router's dedup_keys in Postgres decide in the end, so that a forgotten key never sends twice.
/// </summary>
internal sealed class IdempotencyStore(IConnectionMultiplexer redis, TimeProvider time, ILogger<IdempotencyStore> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    // A first request that has not ended by then died with its process; a repeat takes its id over, so that both mean one notification.
    private static readonly TimeSpan RunningLimit = TimeSpan.FromSeconds(10);

    /// <summary>Asks for the right to answer for a key.</summary>
    public async Task<KeyHold> TakeAsync(string tenant, string route, string key, ReadOnlyMemory<byte> body, Guid freshId)
    {
        var name = Name(tenant, route, key);
        var fingerprint = Convert.ToHexString(SHA256.HashData(body.Span).AsSpan(0, 16));
        var database = redis.GetDatabase();
        var fresh = new KeyHold(KeyState.Taken, freshId, name, fingerprint);
        var taken = await RedisCalls.TryAsync(async () => (bool?)await database.StringSetAsync(name, Entry('r', fingerprint, freshId), Lifetime, When.NotExists), logger);
        if (taken is not false)
            return fresh;
        var stored = await RedisCalls.TryAsync(() => database.StringGetAsync(name), logger);
        if (((string?)stored)?.Split('|') is not [var state, var storedFingerprint, var idText, var atText] || !Guid.TryParse(idText, out var id))
            return fresh;
        if (storedFingerprint != fingerprint)
            return fresh with { State = KeyState.OtherBody };
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(atText, System.Globalization.CultureInfo.InvariantCulture));
        return state switch
        {
            "d" => fresh with { State = KeyState.Answered, Id = id },
            "r" when age < RunningLimit => fresh with { State = KeyState.Running },
            _ => fresh with { Id = id },
        };
    }

    /// <summary>The request was accepted: repeats get the same answer.</summary>
    public Task AnsweredAsync(KeyHold hold) => StoreAsync(hold, 'd');

    /// <summary>The broker did not confirm: a repeat may try again at once, under the same id.</summary>
    public Task FailedAsync(KeyHold hold) => StoreAsync(hold, 'f');

    private Task StoreAsync(KeyHold hold, char state) =>
        RedisCalls.TryAsync(() => redis.GetDatabase().StringSetAsync(hold.Name, Entry(state, hold.Fingerprint, hold.Id), Lifetime), logger);

    private string Entry(char state, string fingerprint, Guid id) => $"{state}|{fingerprint}|{id}|{time.GetUtcNow().ToUnixTimeMilliseconds()}";

    private static string Name(string tenant, string route, string key) => $"notify:{tenant}:idempotency:{route}:{key}";
}

/// <summary>What a key stands for.</summary>
internal enum KeyState
{
    /// <summary>Ours to answer, under <see cref="KeyHold.Id"/>.</summary>
    Taken,

    /// <summary>Answered before, with <see cref="KeyHold.Id"/>.</summary>
    Answered,

    /// <summary>The first request is still running.</summary>
    Running,

    /// <summary>The key came with another body.</summary>
    OtherBody,
}

/// <summary>A key that was asked for.</summary>
internal sealed record KeyHold(KeyState State, Guid Id, string Name, string Fingerprint);
