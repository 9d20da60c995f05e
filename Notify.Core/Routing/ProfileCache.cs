using System.Text.Json;
using Microsoft.Extensions.Logging;
using Notify.Core.Caching;
using StackExchange.Redis;

namespace Notify.Core.Routing;

/// <summary>
/// Profiles in Redis, for a short time. Redis may be flushed or away at any moment: every miss and every fault falls through to Postgres.
/// A reader only adds what is not there, and a writer leaves an empty mark for a moment, so that a profile read before a change
/// cannot be put back after it.
/// </summary>
public sealed class ProfileCache(IConnectionMultiplexer redis, ILogger<ProfileCache> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MarkLifetime = TimeSpan.FromSeconds(5);

    public async Task<Dictionary<string, Profile>> FindAsync(string tenant, IReadOnlyList<string> recipients)
    {
        var found = new Dictionary<string, Profile>(recipients.Count);
        var values = await RedisCalls.TryAsync(() => redis.GetDatabase().StringGetAsync([.. recipients.Select(recipient => Key(tenant, recipient))]), logger);
        for (var i = 0; i < (values?.Length ?? 0); i++)
        {
            if (!values![i].IsNullOrEmpty && Read(values[i]!) is { } profile)
                found[recipients[i]] = profile;
        }
        return found;
    }

    public async Task AddAsync(string tenant, IReadOnlyCollection<Profile> profiles)
    {
        if (profiles.Count == 0)
            return;
        var database = redis.GetDatabase();
        await RedisCalls.TryAsync(
            async () =>
            {
                await Task.WhenAll(profiles.Select(profile =>
                    database.StringSetAsync(Key(tenant, profile.RecipientId), JsonSerializer.Serialize(profile, ProfileJson.Default.Profile), Lifetime, When.NotExists)));
                return true;
            },
            logger);
    }

    /// <summary>After a change is committed.</summary>
    public Task InvalidateAsync(string tenant, string recipient) =>
        RedisCalls.TryAsync(() => redis.GetDatabase().StringSetAsync(Key(tenant, recipient), "", MarkLifetime), logger);

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
