using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Notify.Core.Messaging;

/// <summary>How far each consumer is behind.</summary>
public sealed class MessagingMetrics
{
    public const string MeterName = "Notify.Messaging";
    private readonly ConcurrentDictionary<string, long> _lag = new();

    public MessagingMetrics(IMeterFactory meterFactory) =>
        meterFactory
            .Create(MeterName)
            .CreateObservableGauge(
                "notify.consumer.lag",
                () =>
                    _lag.Select(entry => new Measurement<long>(
                        entry.Value,
                        new KeyValuePair<string, object?>("messaging.destination.name", entry.Key)
                    )),
                "{record}",
                "Records this process has not read yet, by topic."
            );

    public void Lag(string topic, long records) => _lag[topic] = records;
}
