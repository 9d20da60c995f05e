using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Notify.Core.Routing;

namespace Notify.Core.Caching;

/// <summary>Registers what talks to Redis.</summary>
public static class CachingExtensions
{
    /// <summary>The connection's name: <c>ConnectionStrings:redis</c>.</summary>
    public const string ConnectionName = "redis";

    public static IHostApplicationBuilder AddNotifyCaching(this IHostApplicationBuilder builder)
    {
        builder.AddRedisClient(ConnectionName, settings => settings.DisableHealthChecks = true, options => options.AbortOnConnectFail = false);
        builder.Services.AddHostedService<CacheConnection>();
        builder.Services.AddSingleton<ProfileCache>();
        // Every service goes on without Redis, only slower: degraded, not unhealthy.
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded);
        return builder;
    }
}
