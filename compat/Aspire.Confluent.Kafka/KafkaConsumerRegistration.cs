using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal static class KafkaConsumerRegistration<TKey, TValue>
{
    public static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var settings = new KafkaConsumerSettings();
        KafkaConfiguration.Bind(builder.Configuration, "Aspire:Confluent:Kafka:Consumer", name, settings, settings.Config, value =>
            settings.ConnectionString = value
        );
        configureSettings?.Invoke(settings);
        settings.Consolidate();

        // With no key this is the plain registration.
        builder.Services.AddKeyedSingleton(serviceKey, (services, _) => Build(services, settings, configureBuilder));
        if (!settings.DisableHealthChecks)
            KafkaHealthCheck.Register(
                builder,
                serviceKey is null ? "Aspire.Confluent.Kafka.Consumer" : $"Aspire.Confluent.Kafka.Consumer_{name}",
                settings.Config
            );
    }

    private static IConsumer<TKey, TValue> Build(
        IServiceProvider services,
        KafkaConsumerSettings settings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configure
    )
    {
        settings.Validate(); // here and not at registration: a host that never uses the client may leave it unconfigured
        var builder = new ConsumerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, builder);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaConfiguration.LogCategory);
        try
        {
            builder.SetLogHandler((_, message) => KafkaConfiguration.Write(logger, message));
        }
        catch (InvalidOperationException)
        {
            logger.LogWarning("The consumer's log handler was set by its configureBuilder delegate, so its messages do not come here.");
        }
        return builder.Build();
    }
}
