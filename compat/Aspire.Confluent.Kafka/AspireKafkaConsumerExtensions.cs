using Aspire.Confluent.Kafka;
using Confluent.Kafka;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a consumer as a singleton, keyed by its name for the keyed twins, with a health check;
/// <see cref="KafkaConsumerSettings"/> says where its settings come from.</summary>
public static class AspireKafkaConsumerExtensions
{
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        KafkaConsumerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, configureSettings, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, IgnoreServices(configureBuilder));

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, null, configureBuilder);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        KafkaConsumerRegistration<TKey, TValue>.Add(
            builder,
            connectionName,
            serviceKey: null,
            configureSettings,
            IgnoreServices(configureBuilder)
        );

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, null);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, null);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, IgnoreServices(configureBuilder));

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, null, configureBuilder);

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, IgnoreServices(configureBuilder));

    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => KafkaConsumerRegistration<TKey, TValue>.Add(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? IgnoreServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configure
    ) => configure is null ? null : (_, builder) => configure(builder);
}
