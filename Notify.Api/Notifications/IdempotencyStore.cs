using Notify.Core.Caching;
using StackExchange.Redis;

namespace Notify.Api.Notifications;

/// <summary>
/// Remembers what an Idempotency-Key was answered with, for 24 hours, by tenant, route and key. It is quick and may forget (Redis may be
/// flushed or away): the Router's dedup_keys in Postgres decide in the end, so that a forgotten key never sends twice.
/// </summary>
internal sealed class IdempotencyStore(IConnectionMultiplexer redis, TimeProvider time, ILogger<IdempotencyStore> logger)
{
    private const int RecentCapacity = 10_000; // a few MB
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    // A first request that has not ended by then died with its process; a repeat takes its id over, so that both mean one notification.
    private static readonly TimeSpan RunningLimit = TimeSpan.FromSeconds(10);

    // A key that Redis could not be asked about may be another notification at another process: worth waiting for, but not at every request
    // while Redis hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWhileAway = TimeSpan.FromMilliseconds(100);
    private readonly RecentKeys _recent = new(RecentCapacity);
    private volatile bool _away;

    /// <summary>Asks for the right to answer for a key. A body that is the same JSON value is the same body
    /// (<see cref="CanonicalJson"/>).</summary>
    public async Task<KeyHold> TakeAsync(string tenant, string route, string key, ReadOnlyMemory<byte> body, Guid freshId)
    {
        var hold = new KeyHold(
            KeyState.Taken,
            freshId,
            Name(tenant, route, key),
            Convert.ToHexString(CanonicalJson.Hash(body.Span).AsSpan(0, 16))
        );
        hold = TakeHere(hold);
        return hold.State == KeyState.Taken ? await TakeEverywhereAsync(hold) : hold;
    }

    /// <summary>The request was accepted: repeats get the same answer.</summary>
    public Task AnsweredAsync(KeyHold hold) => StoreAsync(hold, KeyEntry.Answered);

    /// <summary>The broker did not confirm: a repeat may try again at once, under the same id.</summary>
    public Task FailedAsync(KeyHold hold) => StoreAsync(hold, KeyEntry.Failed);

    /// <summary>Among the requests at this process.</summary>
    private KeyHold TakeHere(KeyHold hold)
    {
        while (!_recent.TryAdd(hold.Name, Entry(hold, KeyEntry.Running)))
        {
            if (_recent.Find(hold.Name) is not { } known)
                continue; // forgotten in between
            var held = Decide(known, hold);
            if (held.State != KeyState.Taken || _recent.TryReplace(hold.Name, known, Entry(held, KeyEntry.Running)))
                return held;
        }
        return hold;
    }

    /// <summary>Among all processes, where Redis answers.</summary>
    private async Task<KeyHold> TakeEverywhereAsync(KeyHold hold)
    {
        var database = redis.GetDatabase();
        var taken = await AskAsync(async () =>
            (bool?)await database.StringSetAsync(hold.Name, Entry(hold, KeyEntry.Running).Text, Lifetime, When.NotExists)
        );
        if (taken is not false || KeyEntry.Parse(await AskAsync(() => database.StringGetAsync(hold.Name))) is not { } stored)
            return hold;
        var held = Decide(stored, hold);
        switch (held.State)
        {
            case KeyState.Taken:
                _recent.Update(hold.Name, Entry(held, KeyEntry.Running));
                break;
            case KeyState.Answered:
                _recent.Update(hold.Name, stored);
                break;
            default:
                _recent.Forget(hold.Name);
                break; // another process will say how it ends
        }
        return held;
    }

    private KeyHold Decide(KeyEntry known, KeyHold hold)
    {
        var age = time.GetUtcNow() - known.At;
        if (age >= Lifetime)
            return hold;
        if (known.Fingerprint != hold.Fingerprint)
            return hold with { State = KeyState.OtherBody };
        return known.State switch
        {
            KeyEntry.Answered => hold with { State = KeyState.Answered, Id = known.Id },
            KeyEntry.Running when age < RunningLimit => hold with { State = KeyState.Running },
            _ => hold with { Id = known.Id },
        };
    }

    private Task StoreAsync(KeyHold hold, char state)
    {
        var entry = Entry(hold, state);
        _recent.Update(hold.Name, entry);
        return AskAsync(() => redis.GetDatabase().StringSetAsync(hold.Name, entry.Text, Lifetime));
    }

    private async Task<T?> AskAsync<T>(Func<Task<T>> call)
    {
        var answered = false;
        var answer = await RedisCalls.TryAsync(
            async () =>
            {
                var answer = await call();
                answered = true;
                return answer;
            },
            logger,
            _away ? PatienceWhileAway : Patience
        );
        _away = !answered;
        return answer;
    }

    private KeyEntry Entry(KeyHold hold, char state) => new(state, hold.Fingerprint, hold.Id, time.GetUtcNow());

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
