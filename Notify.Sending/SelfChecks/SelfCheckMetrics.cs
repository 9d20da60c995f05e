using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;

namespace Notify.Sending.SelfChecks;

/// <summary>What checks found: as numbers to alert on, and for the worker's health.</summary>
public sealed class SelfCheckMetrics
{
    public const string MeterName = "Notify.SelfChecks";
    private readonly Histogram<double> _duration;
    private readonly string _channel;
    private volatile int _failures;

    public SelfCheckMetrics(IMeterFactory meterFactory, Channel channel, IOptions<SelfCheckOptions> options)
    {
        _channel = channel.ToName();
        var isOn = SelfCheckRequest.For(channel, options.Value) is not null;
        var meter = meterFactory.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "notify.selfcheck.duration",
            "s",
            "From the producer to the provider's yes, by channel and result."
        );
        meter.CreateObservableGauge<int>(
            "notify.selfcheck.failures",
            () => isOn ? [new(_failures, Channel)] : [],
            "{check}",
            "Failed checks in a row, by channel; 0 while all is well."
        );
    }

    /// <summary>Failed checks in a row.</summary>
    public int Failures => _failures;

    private KeyValuePair<string, object?> Channel => new("notify.channel", _channel);

    public void Ended(SelfCheckResult result, TimeSpan took)
    {
        _failures = result == SelfCheckResult.Ok ? 0 : _failures + 1;
        _duration.Record(took.TotalSeconds, new TagList { Channel, { "notify.selfcheck.result", result.ToTag() } });
    }
}
