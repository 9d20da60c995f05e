using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Pings every server of the connection, which it opens if nobody has yet.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services, string? serviceKey) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // The first caller connects, which blocks its thread.
            var connection = await Task.Run(() => services.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey), cancellationToken).WaitAsync(cancellationToken);
            foreach (var endPoint in connection.GetEndPoints(configuredOnly: true))
                await connection.GetServer(endPoint).PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception unreachable) when (unreachable is RedisException or TimeoutException or InvalidOperationException or ArgumentException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The server did not answer.", unreachable);
        }
    }
}
