using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Notify.Core.Hosting;
using StackExchange.Redis;

namespace Notify.Core.Caching;

/// <summary>Registers what talks to Redis.</summary>
public static class CachingExtensions
{
    /// <summary>The connection's name: <c>ConnectionStrings:redis</c>.</summary>
    public const string ConnectionName = "redis";

    // Without it the client looks for a Redis that is back later, by a policy of its own that differs between versions: so long keys are
    // forgotten and rate limits are those of one process.
    private const int ReconnectMilliseconds = 1_000;

    public static IHostApplicationBuilder AddNotifyCaching(this IHostApplicationBuilder builder)
    {
        builder.RequireConnection(ConnectionName, "localhost:6379");
        builder.AddRedisClient(
            ConnectionName,
            settings => settings.DisableHealthChecks = true,
            options => (options.AbortOnConnectFail, options.ReconnectRetryPolicy) = (false, new LinearRetry(ReconnectMilliseconds))
        );
        builder.Services.AddHostedService<CacheConnection>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RedisRest>();
        // Every service goes on without Redis, only slower: degraded, not unhealthy.
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded);
        return builder;
    }
}
