using System.Diagnostics.Metrics;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Providers;

namespace Notify.Sending.Providers;

/// <summary>How the providers are, as numbers to alert on.</summary>
public sealed class ProviderMetrics
{
    private volatile IReadOnlyList<Measurement<int>> _standing = [];
    private volatile IReadOnlyList<Measurement<int>> _resting = [];

    public ProviderMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(DeliveryMetrics.MeterName);
        meter.CreateObservableGauge(
            "notify.provider.open",
            () => _standing,
            "{provider}",
            "1 while a provider is not called (its breaker is open or it said wait), by state; else 0."
        );
        meter.CreateObservableGauge(
            "notify.provider.scopes_resting",
            () => _resting,
            "{scope}",
            "What a provider refuses while the rest goes on: platforms, apps, senders, domains, countries."
        );
    }

    internal void Observe(Channel channel, IReadOnlyList<ProviderStanding> standing)
    {
        _standing =
        [
            .. standing.Select(entry => new Measurement<int>(
                entry.State is ProviderStanding.Closed or ProviderStanding.Partial ? 0 : 1,
                new KeyValuePair<string, object?>("notify.channel", channel.ToName()),
                new KeyValuePair<string, object?>("notify.provider", entry.Provider),
                new KeyValuePair<string, object?>("notify.provider.state", entry.State)
            )),
        ];
        _resting =
        [
            .. standing.Select(entry => new Measurement<int>(
                entry.RestingScopes,
                new KeyValuePair<string, object?>("notify.channel", channel.ToName()),
                new KeyValuePair<string, object?>("notify.provider", entry.Provider)
            )),
        ];
    }
}
