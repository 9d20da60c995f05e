using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Notify.Core.Hosting;

namespace Notify.Core.Messaging;

/// <summary>Registers what talks to Kafka.</summary>
public static class MessagingExtensions
{
    private const string ResultFields = "dotnet.consumer.consume.result.fields";
    private const int ReconnectBackoffMs = 1_000; // the client's default is 10 s, by which a broker that is back would be found late

    /// <summary>The producer, its health check, the topics.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="linger">How long a record may wait for company: zero where a caller waits, a few ms on internal topics.</param>
    /// <param name="timeout">After this long without a confirmation a record has failed.</param>
    public static IHostApplicationBuilder AddMessaging(this IHostApplicationBuilder builder, TimeSpan linger, TimeSpan timeout)
    {
        builder.Services.AddOptions<KafkaOptions>().BindConfiguration(KafkaOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>();
        builder.Services.AddSingleton<RecordProducer>();
        builder.Services.AddSingleton<TopicProvisioner>();
        builder.Services.AddSingleton<MessagingMetrics>();
        builder.RequireConnection(KafkaOptions.ConnectionName, "localhost:9092");
        builder.AddKafkaProducer<byte[], byte[]>(KafkaOptions.ConnectionName, settings =>
        {
            settings.DisableHealthChecks = true; // it would produce a record; ours asks for metadata
            settings.DisableTracing = true; // our records carry the trace of the notification they belong to
            settings.DisableMetrics = true;
            settings.Config.Acks = Acks.All;
            settings.Config.EnableIdempotence = true;
            settings.Config.LingerMs = linger.TotalMilliseconds;
            settings.Config.MessageTimeoutMs = (int)timeout.TotalMilliseconds;
            settings.Config.SocketNagleDisable = true;
            settings.Config.ReconnectBackoffMaxMs ??= ReconnectBackoffMs;
            // Nobody reads key, value and headers out of a report again; the client would copy them for it.
            settings.Config.DeliveryReportFields ??= "status";
            // The same partition for the same key as Java's and kafkajs' default, so that other producers keep a person's order too.
            settings.Config.Partitioner = Partitioner.Murmur2Random;
            settings.Config.LogConnectionClose = false; // an idle connection that the broker closes is no news
        });
        builder.Services.AddHealthChecks().AddCheck<KafkaHealthCheck>("kafka", HealthStatus.Unhealthy);
        return builder;
    }

    /// <summary>Read here before the options are checked: a value that is no time span is reported with all other wrong settings when the
    /// service starts.</summary>
    private static TimeSpan FetchWaitOf(IConfiguration configuration) =>
        TimeSpan.TryParse(
            configuration[$"{KafkaOptions.SectionName}:{nameof(KafkaOptions.FetchWait)}"],
            CultureInfo.InvariantCulture,
            out var wait
        )
            ? wait
            : new KafkaOptions().FetchWait;

    /// <summary>The service's lanes report how far they have come.</summary>
    public static IHostApplicationBuilder AddLanePositions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LanePositionStore>();
        builder.Services.AddHostedService<LanePositionReporter>();
        return builder;
    }

    /// <summary>A consumer of one topic with its handler; started and stopped with the host by <see cref="LaneHost"/>.</summary>
    public static IHostApplicationBuilder AddLane(
        this IHostApplicationBuilder builder,
        string topic,
        string group,
        Func<IServiceProvider, IRecordHandler> handler
    )
    {
        builder.AddKeyedKafkaConsumer<byte[], byte[]>(
            topic,
            settings =>
            {
                settings.DisableHealthChecks = true;
                settings.DisableTracing = true;
                settings.DisableMetrics = true;
                settings.ConnectionString ??= builder.Configuration.GetConnectionString(KafkaOptions.ConnectionName);
                settings.Config.GroupId = group;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                settings.Config.EnableAutoCommit = true;
                settings.Config.AutoCommitIntervalMs = 1_000;
                settings.Config.EnableAutoOffsetStore = false;
                settings.Config.FetchWaitMaxMs ??= (int)FetchWaitOf(builder.Configuration).TotalMilliseconds;
                settings.Config.SocketNagleDisable = true;
                settings.Config.ReconnectBackoffMaxMs ??= ReconnectBackoffMs;
                if (settings.Config.Get(ResultFields) is null)
                    settings.Config.Set(ResultFields, "headers,timestamp"); // a lane knows its topic, and needs no copy with each record
                settings.Config.AllowAutoCreateTopics = false;
                // A crashed member's partitions stand still for this long; the client's default is 45 s.
                settings.Config.SessionTimeoutMs ??= 10_000;
                settings.Config.LogConnectionClose = false;
            },
            (services, consumer) =>
            {
                ILaneRebalance Lane() => services.GetRequiredKeyedService<LaneConsumer>(topic);
                consumer
                    .SetPartitionsAssignedHandler((_, _) => Lane().Joined())
                    .SetPartitionsRevokedHandler((client, partitions) => Lane().Revoked(client, partitions.Select(p => p.TopicPartition)))
                    .SetPartitionsLostHandler((_, partitions) => Lane().Lost(partitions.Select(p => p.TopicPartition)));
            }
        );
        builder.Services.AddKeyedSingleton(topic, (services, _) =>
            new LaneConsumer(
                topic,
                () => services.GetRequiredKeyedService<IConsumer<byte[], byte[]>>(topic),
                handler(services),
                services.GetRequiredService<MessagingMetrics>(),
                services.GetRequiredService<IOptions<KafkaOptions>>(),
                services.GetRequiredService<ILogger<LaneConsumer>>()
            )
        );
        builder.Services.AddSingleton(services => new LaneRegistration(services.GetRequiredKeyedService<LaneConsumer>(topic)));
        if (!builder.Services.Any(service => service.ImplementationType == typeof(LaneHost)))
        {
            builder.Services.AddHostedService<LaneHost>();
            builder.Services.AddHealthChecks().AddCheck<LaneHealthCheck>("lanes", HealthStatus.Unhealthy);
        }
        return builder;
    }
}
