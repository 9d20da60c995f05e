using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka.Local;
using Aspire.Hosting.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const string DataPath = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var kafka = new KafkaServerResource(name);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(check, _ => new KafkaHealthCheck(kafka), failureStatus: null, tags: null));
        var resource = builder.AddResource(kafka)
            .WithEndpoint(port: port, targetPort: 9092, name: KafkaServerResource.PrimaryEndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "confluentinc/confluent-local", Tag = "8.2.0" })
            .WithAnnotation(new LocalServerAnnotation(KafkaServer.PrepareAsync))
            .WithHealthCheck(check);
        return builder.ExecutionContext.IsPublishMode ? resource.WithContainerListeners() : resource;
    }

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", DataPath, isReadOnly);
        return builder.ApplicationBuilder.ExecutionContext.IsPublishMode ? builder.WithEnvironment("KAFKA_LOG_DIRS", DataPath) : builder;
    }

    /// <summary>What the image listens on and tells its clients, for the manifest.</summary>
    private static IResourceBuilder<KafkaServerResource> WithContainerListeners(this IResourceBuilder<KafkaServerResource> builder)
    {
        builder.WithEndpoint(targetPort: 9093, name: KafkaServerResource.InternalEndpointName);
        var tcp = builder.Resource.PrimaryEndpoint;
        var inner = builder.Resource.InternalEndpoint;
        var advertised = ReferenceExpression.Create(
            $"PLAINTEXT://{tcp.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{tcp.Property(EndpointProperty.Host)}:{tcp.Property(EndpointProperty.Port)},PLAINTEXT_INTERNAL://{inner.Property(EndpointProperty.Host)}:{inner.Property(EndpointProperty.Port)}");
        return builder
            .WithEnvironment("KAFKA_LISTENERS", "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093")
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT")
            .WithEnvironment("KAFKA_ADVERTISED_LISTENERS", advertised);
    }
}
