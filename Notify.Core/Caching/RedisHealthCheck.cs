using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;
using StackExchange.Redis;

namespace Notify.Core.Caching;

/// <summary>Pings Redis.</summary>
internal sealed class RedisHealthCheck(IConnectionMultiplexer redis) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(Limit, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or ObjectDisposedException)
        {
            return HealthReason.Of(context.Registration.FailureStatus, $"Redis did not answer ({fault.GetType().Name}).");
        }
    }
}
