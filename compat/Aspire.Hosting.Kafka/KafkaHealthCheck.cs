using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Kafka;

/// <summary>Healthy when the cluster answers a question about its brokers. Nothing is written to it.</summary>
internal sealed class KafkaHealthCheck(Func<string?> servers) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        servers() is { } known ? await Task.Run(() => Ask(known), cancellationToken) : HealthCheckResult.Unhealthy("It has no port yet.");

    private static HealthCheckResult Ask(string servers)
    {
        try
        {
            using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers })
                .SetLogHandler((_, _) => { }) // while the broker starts, refused connections are what is expected
                .SetErrorHandler((_, _) => { })
                .Build();
            return client.GetMetadata(Patience).Brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("It names no broker.");
        }
        catch (KafkaException failed)
        {
            return HealthCheckResult.Unhealthy($"It does not answer: {failed.Error.Reason}");
        }
    }
}
