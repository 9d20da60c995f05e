using System.Text.Json;
using Microsoft.Extensions.Logging;
using Notify.Core.Caching;
using Notify.Core.Recipients;
using StackExchange.Redis;

namespace Notify.Core.Routing;

/// <summary>
/// Profiles in Redis, for a short time. Redis may be flushed or away at any moment: every miss and every fault falls through to Postgres.
/// A reader only adds what is not there, and a writer leaves an empty mark for a moment, so that a profile read before a change
/// cannot be put back after it.
/// </summary>
/// <remarks>
/// What holds while Redis does not answer: for a second after it, look-ups are misses and nothing is added, without a wait, so that what is
/// used is Postgres' own. An invalidation is never left out for that: it is sent and waited for as ever, because Redis may hear it all the
/// same. Where it is lost, the old profile is served until its time is over, <see cref="Lifetime"/> after it was put in: reading does not
/// prolong it. That bound is all there is, with a rest or without.
/// </remarks>
/// <param name="redis">The connection.</param>
/// <param name="logger">Where a fault is told, for who looks for it.</param>
/// <param name="rest">What all callers of the process know of Redis.</param>
public sealed class ProfileCache(IConnectionMultiplexer redis, ILogger<ProfileCache> logger, RedisRest rest)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MarkLifetime = TimeSpan.FromSeconds(5);

    /// <summary>Those that are there; one call, whoever they belong to.</summary>
    public async Task<Dictionary<(string Tenant, string Recipient), Profile>> FindAsync(
        IReadOnlyList<(string Tenant, string Recipient)> recipients
    )
    {
        var found = new Dictionary<(string, string), Profile>(recipients.Count);
        var values = await RedisCalls.TryAsync(
            () => redis.GetDatabase().StringGetAsync([.. recipients.Select(recipient => Key(recipient.Tenant, recipient.Recipient))]),
            rest,
            logger
        );
        for (var i = 0; i < (values?.Length ?? 0); i++)
        {
            if (!values![i].IsNullOrEmpty && Read(values[i]!) is { } profile)
                found[recipients[i]] = profile;
        }
        return found;
    }

    public async Task AddAsync(IReadOnlyCollection<(string Tenant, Profile Profile)> profiles)
    {
        if (profiles.Count == 0)
            return;
        await RedisCalls.TryAsync(
            async () =>
            {
                var database = redis.GetDatabase();
                await Task.WhenAll(
                    profiles.Select(entry =>
                        database.StringSetAsync(
                            Key(entry.Tenant, entry.Profile.RecipientId),
                            JsonSerializer.Serialize(entry.Profile, ProfileJson.Default.Profile),
                            Lifetime,
                            When.NotExists
                        )
                    )
                );
                return true;
            },
            rest,
            logger
        );
    }

    /// <summary>After a change is committed.</summary>
    public Task InvalidateAsync(string tenant, string recipient) =>
        RedisCalls.InsistAsync(() => redis.GetDatabase().StringSetAsync(Key(tenant, recipient), "", MarkLifetime), rest, logger);

    /// <summary>The same of many at once: they are waited for together.</summary>
    public Task InvalidateAsync(string tenant, IEnumerable<string> recipients) =>
        RedisCalls.InsistAsync(
            async () =>
            {
                var database = redis.GetDatabase();
                await Task.WhenAll(recipients.Select(recipient => database.StringSetAsync(Key(tenant, recipient), "", MarkLifetime)));
                return true;
            },
            rest,
            logger
        );

    /// <summary>What cannot be read (another version wrote it, say) is a miss like any other.</summary>
    private static Profile? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProfileJson.Default.Profile);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RedisKey Key(string tenant, string recipient) => $"notify:{tenant}:profile:{recipient}";
}
