using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Redis.Local;

/// <summary>Healthy when the server answers PING.</summary>
internal sealed class RedisHealthCheck(RedisResource redis) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly byte[] Ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!redis.PrimaryEndpoint.IsAllocated)
            return HealthCheckResult.Unhealthy("It has no port yet.");
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis.PrimaryEndpoint.Host, redis.PrimaryEndpoint.Port, bounded.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Ping, bounded.Token);
            using var answer = new StreamReader(stream, Encoding.ASCII);
            var line = await answer.ReadLineAsync(bounded.Token);
            return line == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"It answers PING with '{line}'.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"It did not answer PING within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception failed) when (failed is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy($"It does not accept connections: {failed.Message}");
        }
    }
}
