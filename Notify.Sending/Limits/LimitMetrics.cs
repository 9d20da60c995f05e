using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Notify.Sending.Limits;

/// <summary>What the rate limits tell of themselves.</summary>
public sealed class LimitMetrics
{
    public const string MeterName = "Notify.Limits";

    private readonly ConcurrentDictionary<string, int> _local = new();
    private readonly Counter<long> _granted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _leases;

    public LimitMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _granted = meter.CreateCounter<long>("notify.limit.granted", "{permit}", "Permits given to senders, by provider.");
        _refused = meter.CreateCounter<long>(
            "notify.limit.refused",
            "{permit}",
            "Permits asked for and not given at that moment, by provider."
        );
        _leases = meter.CreateCounter<long>(
            "notify.limit.leases",
            "{lease}",
            "Shares of a rate that this process took from Redis, by provider."
        );
        meter.CreateObservableGauge(
            "notify.limit.local",
            () =>
                _local.Select(entry => new Measurement<int>(entry.Value, new KeyValuePair<string, object?>("notify.provider", entry.Key))),
            "{credential}",
            "Credentials whose rate this process limits on its own because Redis is away, by provider."
        );
    }

    internal void Asked(string provider, bool critical, int granted, int refused)
    {
        var tags = new TagList { { "notify.provider", provider }, { "notify.critical", critical } };
        if (granted > 0)
            _granted.Add(granted, tags);
        if (refused > 0)
            _refused.Add(refused, tags);
    }

    /// <summary>A limiter asked Redis, or ended.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="wasLocal">Whether it kept to its own part of the rate before.</param>
    /// <param name="isLocal">Whether it does so now.</param>
    /// <param name="isLease">Whether it got permits.</param>
    internal void Answered(string provider, bool wasLocal, bool isLocal, bool isLease)
    {
        if (isLease)
            _leases.Add(1, new TagList { { "notify.provider", provider } });
        if (wasLocal != isLocal)
            _local.AddOrUpdate(provider, isLocal ? 1 : -1, (_, count) => count + (isLocal ? 1 : -1));
    }
}
