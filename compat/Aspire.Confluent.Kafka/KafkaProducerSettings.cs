using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Bound from <c>Aspire:Confluent:Kafka:Producer</c>, then from its child named after the connection, then
/// <c>ConnectionStrings:&lt;name&gt;</c>, then the delegate.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The bootstrap servers, <c>host:port[,host:port]</c>; becomes <see cref="ClientConfig.BootstrapServers"/>.</summary>
    public string? ConnectionString { get; set; }

    public ProducerConfig Config { get; } = new();

    /// <summary>Leaves librdkafka's statistics off unless <see cref="Config"/> asks for them; they are otherwise given every
    /// second.</summary>
    public bool DisableMetrics { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Nothing to turn off here: the clients of this stand-in are not instrumented.</summary>
    public bool DisableTracing { get; set; }

    internal void Consolidate()
    {
        if (ConnectionString is not null)
            Config.BootstrapServers = ConnectionString;
        if (!DisableMetrics)
            Config.StatisticsIntervalMs ??= 1000;
    }

    internal void Validate()
    {
        if (string.IsNullOrEmpty(Config.BootstrapServers))
            throw new InvalidOperationException("No bootstrap servers configured.");
    }
}
