using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Asks the cluster for its brokers. It writes nothing, so it holds on clusters where topics are neither created on demand nor
/// open to everyone.</summary>
internal sealed class KafkaHealthCheck(ClientConfig config, ILogger logger) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>How to reach and to be let in; what only a producer or a consumer understands would be warned about.</summary>
    private static readonly string[] ConnectionKeys =
    [
        "bootstrap.servers",
        "client.id",
        "security.",
        "sasl.",
        "ssl.",
        "enable.ssl.",
        "enable.sasl.",
        "socket.",
        "broker.address.",
        "api.version.",
    ];

    private readonly Lazy<IAdminClient> _client = new(() => Connect(config, logger));

    public static void Register(IHostApplicationBuilder builder, string name, ClientConfig config)
    {
        builder.Services.TryAddKeyedSingleton(name, (services, _) =>
            new KafkaHealthCheck(config, services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaConfiguration.LogCategory))
        );
        builder.TryAddHealthCheck(name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name));
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // The client has no asynchronous form of this.
            var metadata = await Task.Run(() => _client.Value.GetMetadata(Timeout), cancellationToken).WaitAsync(cancellationToken);
            return metadata.Brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The cluster names no broker.");
        }
        catch (Exception unreachable) when (unreachable is KafkaException or InvalidOperationException or ArgumentException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The cluster did not answer.", unreachable);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    private static IAdminClient Connect(ClientConfig config, ILogger logger)
    {
        var connection = config
            .Where(pair => Array.Exists(ConnectionKeys, key => pair.Key.StartsWith(key, StringComparison.Ordinal)))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        connection["socket.timeout.ms"] = "1000";
        return new AdminClientBuilder(connection)
            // Its complaints repeat what the check reports and what the client itself logs.
            .SetLogHandler((_, message) => logger.LogDebug("{Message}", message.Message))
            .Build();
    }
}
