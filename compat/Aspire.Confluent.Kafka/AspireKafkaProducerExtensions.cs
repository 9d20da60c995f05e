using Aspire.Confluent.Kafka;
using Confluent.Kafka;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a producer as a singleton, keyed by its name for the keyed twins, with a health check;
/// <see cref="KafkaProducerSettings"/> says where its settings come from.</summary>
public static class AspireKafkaProducerExtensions
{
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        KafkaProducerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, configureSettings, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, IgnoreServices(configureBuilder));

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, configureBuilder);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        KafkaProducerRegistration<TKey, TValue>.Add(
            builder,
            connectionName,
            serviceKey: null,
            configureSettings,
            IgnoreServices(configureBuilder)
        );

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, null);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, null);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, IgnoreServices(configureBuilder));

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, configureBuilder);

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, IgnoreServices(configureBuilder));

    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaProducerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? IgnoreServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configure
    ) => configure is null ? null : (_, builder) => configure(builder);
}
