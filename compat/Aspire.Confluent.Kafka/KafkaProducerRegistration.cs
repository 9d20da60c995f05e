using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal static class KafkaProducerRegistration<TKey, TValue>
{
    public static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var settings = new KafkaProducerSettings();
        KafkaConfiguration.Bind(builder.Configuration, "Aspire:Confluent:Kafka:Producer", name, settings, settings.Config, value =>
            settings.ConnectionString = value
        );
        configureSettings?.Invoke(settings);
        settings.Consolidate();

        // With no key this is the plain registration.
        builder.Services.AddKeyedSingleton(serviceKey, (services, _) => Build(services, settings, configureBuilder));
        if (!settings.DisableHealthChecks)
            KafkaHealthCheck.Register(
                builder,
                serviceKey is null ? "Aspire.Confluent.Kafka.Producer" : $"Aspire.Confluent.Kafka.Producer_{name}",
                settings.Config
            );
    }

    private static IProducer<TKey, TValue> Build(
        IServiceProvider services,
        KafkaProducerSettings settings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configure
    )
    {
        settings.Validate(); // here and not at registration: a host that never uses the client may leave it unconfigured
        var builder = new ProducerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, builder);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaConfiguration.LogCategory);
        try
        {
            builder.SetLogHandler((_, message) => KafkaConfiguration.Write(logger, message));
        }
        catch (InvalidOperationException)
        {
            logger.LogWarning("The producer's log handler was set by its configureBuilder delegate, so its messages do not come here.");
        }
        return builder.Build();
    }
}
