using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;

namespace Notify.Core.Messaging;

/// <summary>Asks the broker for its metadata. (The integration's own check would write a record to a topic of its own.)</summary>
internal sealed class KafkaHealthCheck(IProducer<byte[], byte[]> producer) : IHealthCheck
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                try
                {
                    using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
                    return admin.GetMetadata(Wait).Brokers.Count > 0
                        ? HealthCheckResult.Healthy()
                        : HealthReason.Of(HealthStatus.Unhealthy, "Kafka named no broker.");
                }
                catch (KafkaException fault)
                {
                    return HealthReason.Of(HealthStatus.Unhealthy, $"Kafka did not answer ({fault.Error.Code}).");
                }
            },
            cancellationToken
        );
}
