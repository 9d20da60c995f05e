using System.Diagnostics.Metrics;
using Notify.Core.Channels;

namespace Notify.Core.Deliveries.Routes;

/// <summary>How the providers are, as numbers to alert on.</summary>
public sealed class ProviderMetrics
{
    private volatile IReadOnlyList<Measurement<int>> _standing = [];

    public ProviderMetrics(IMeterFactory meterFactory) =>
        meterFactory.Create(DeliveryMetrics.MeterName).CreateObservableGauge(
            "notify.provider.open", () => _standing, "{provider}", "1 while a provider is not called (its breaker is open or it said wait), by state; else 0.");

    internal void Observe(Channel channel, IReadOnlyList<ProviderStanding> standing) =>
        _standing = [.. standing.Select(entry => new Measurement<int>(
            entry.State == ProviderStanding.Closed ? 0 : 1,
            new KeyValuePair<string, object?>("notify.channel", channel.ToName()),
            new KeyValuePair<string, object?>("notify.provider", entry.Provider),
            new KeyValuePair<string, object?>("notify.provider.state", entry.State)))];
}
