using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalBrokerPort = 9093;
    private const string DataPath = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var kafka = new KafkaServerResource(name);
        string? servers = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(kafka, async (_, cancellationToken) =>
            servers = await kafka.ConnectionStringExpression.GetValueAsync(cancellationToken)
        );
        var check = $"{name}_check";
        builder
            .Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(check, _ => new KafkaHealthCheck(() => servers), failureStatus: null, tags: null));
        return builder
            .AddResource(kafka)
            .WithEndpoint(targetPort: BrokerPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalBrokerPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage("confluentinc/confluent-local", "8.2.0")
            .WithImageRegistry("docker.io")
            .WithEnvironment(context => Listen(context, kafka))
            .WithHealthCheck(check);
    }

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    ) =>
        builder
            .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataPath, isReadOnly)
            .WithEnvironment("KAFKA_LOG_DIRS", DataPath);

    /// <summary>One listener for the container itself, one for the host, one for other containers.</summary>
    private static void Listen(EnvironmentCallbackContext context, KafkaServerResource kafka)
    {
        var tcp = kafka.PrimaryEndpoint;
        var inner = kafka.InternalEndpoint;
        context.EnvironmentVariables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalBrokerPort}";
        context.EnvironmentVariables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        context.EnvironmentVariables["KAFKA_ADVERTISED_LISTENERS"] = context.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create(
                $"PLAINTEXT://{tcp.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{tcp.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{kafka.Name}:{InternalBrokerPort.ToString(System.Globalization.CultureInfo.InvariantCulture)}"
            )
            : ReferenceExpression.Create(
                $"PLAINTEXT://{tcp.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{tcp.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{inner.Property(EndpointProperty.HostAndPort)}"
            );
    }
}
