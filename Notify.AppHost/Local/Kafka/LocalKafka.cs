using Aspire.Hosting.ApplicationModel;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Hosting;

namespace Notify.AppHost.Local.Kafka;

internal static class LocalKafka
{
    /// <summary>
    /// Where servers are local processes, the first of: the distribution in <c>KAFKA_HOME</c>, the one that <c>Kafka:Download=true</c>
    /// fetches, librdkafka's built-in broker. Otherwise null.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString>? AddLocalKafka(this IDistributedApplicationBuilder builder, string name)
    {
        if (!builder.UsesLocalServers())
            return null;
        if (!KafkaNode.IsWanted(builder.Configuration))
            return builder.AddMockKafka(name);
        var port = Ports.Take();
        return builder
            .AddLocalServer(new LocalServerResource(name, port), port, KafkaNode.PrepareAsync)
            .WithHealthCheck(builder.AddCheck($"{name}_check", () => new KafkaAnswers(() => $"127.0.0.1:{port}")));
    }

    /// <summary>librdkafka's built-in broker lives in this process and chooses its port itself.</summary>
    private static IResourceBuilder<IResourceWithConnectionString> AddMockKafka(this IDistributedApplicationBuilder builder, string name)
    {
        var kafka = new MockKafkaResource(name);
        builder.Services.AddSingleton(_ => MockBroker.Start(builder.Configuration)); // disposed with the application
        return builder
            .AddResource(kafka)
            .WithInitialState(
                new CustomResourceSnapshot
                {
                    ResourceType = "Kafka (librdkafka)",
                    Properties = [],
                    State = KnownResourceStates.NotStarted,
                }
            )
            .OnInitializeResource(
                async (resource, started, cancellationToken) =>
                {
                    resource.Port = started.Services.GetRequiredService<MockBroker>().Port;
                    started.Logger.LogWarning(
                        "Kafka is librdkafka's built-in broker, for a first look: it keeps records in memory, at most 5 MB a partition, and drops older ones without a word. "
                            + "Set KAFKA_HOME, or pass --Kafka:Download=true, for a real one."
                    );
                    await started.Eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, started.Services), cancellationToken);
                    await started.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, started.Services), cancellationToken);
                    var now = started.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
                    await started.Notifications.PublishUpdateAsync(resource, state =>
                        state with
                        {
                            State = KnownResourceStates.Running,
                            StartTimeStamp = now,
                        }
                    );
                }
            )
            .WithHealthCheck(builder.AddCheck($"{name}_check", () => new KafkaAnswers(() => $"127.0.0.1:{kafka.Port}")))
            .ExcludeFromManifest();
    }
}

/// <summary>A broker inside this process; its port is 0 until it was started.</summary>
internal sealed class MockKafkaResource(string name) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public int Port { get; set; }

    public ReferenceExpression ConnectionStringExpression => Loopback.Address(Port);
}

/// <summary>Healthy when the cluster names a broker. Nothing is written to it.</summary>
internal sealed class KafkaAnswers(Func<string> servers) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(Ask, cancellationToken);

    private HealthCheckResult Ask()
    {
        try
        {
            using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers() })
                .SetLogHandler((_, _) => { })
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
