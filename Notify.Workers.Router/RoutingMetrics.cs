using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Notifications;

namespace Notify.Workers.Router;

/// <summary>What the Router tells of itself.</summary>
internal sealed class RoutingMetrics
{
    public const string MeterName = "Notify.Routing";

    public static readonly ActivitySource Activities = new("Notify.Routing");

    private readonly Counter<long> _routed;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _released;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _reconciled;
    private readonly Counter<long> _replayed;
    private readonly ConcurrentDictionary<(Channel Channel, Lane Lane), int> _consumers = new();

    public RoutingMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _routed = meter.CreateCounter<long>("notify.notifications.routed", "{notification}", "Notifications routed, by lane.");
        _duration = meter.CreateHistogram<double>("notify.routing.duration", "s", "From accept to routed.");
        _dead = meter.CreateCounter<long>("notify.dead_letters", "{record}", "Records that could not be used, by kind and cause.");
        _released = meter.CreateCounter<long>(
            "notify.deliveries.released",
            "{delivery}",
            "Waiting deliveries that came due, by why they had waited."
        );
        _setAside = meter.CreateCounter<long>(
            "notify.deliveries.unreadable",
            "{delivery}",
            "Deliveries whose row the Router cannot read, by channel: they wait."
        );
        _reconciled = meter.CreateCounter<long>(
            "notify.deliveries.reconciled",
            "{delivery}",
            "Queued deliveries whose record was lost, by topic: produced again."
        );
        _replayed = meter.CreateCounter<long>(
            "notify.dead_letters.replayed",
            "{letter}",
            "Dead letters that replays reached, by kind and by what became of them."
        );
        meter.CreateObservableGauge(
            "notify.lane.consumers",
            () =>
                _consumers.Select(lane => new Measurement<int>(
                    lane.Value,
                    new KeyValuePair<string, object?>("notify.channel", lane.Key.Channel.ToName()),
                    new KeyValuePair<string, object?>("notify.lane", lane.Key.Lane.ToName())
                )),
            "{partition}",
            "Partitions of a channel's lane that a worker reads; 0 where nobody does."
        );
    }

    public void Routed(Lane lane, TimeSpan sinceAccept)
    {
        var tag = new KeyValuePair<string, object?>("notify.lane", lane.ToName());
        _routed.Add(1, tag);
        _duration.Record(Math.Max(0, sinceAccept.TotalSeconds), tag);
    }

    public void DeadLettered(string cause) =>
        _dead.Add(1, new TagList { { "notify.kind", DeadLetterKinds.Record }, { "notify.cause", cause } });

    public void Replayed(string kind, string result) =>
        _replayed.Add(1, new TagList { { "notify.kind", kind }, { "notify.result", result } });

    public void Reconciled(string topic, int count) =>
        _reconciled.Add(count, new KeyValuePair<string, object?>("messaging.destination.name", topic));

    public void Consumers(Channel channel, Lane lane, int partitions) => _consumers[(channel, lane)] = partitions;

    public void SetAside(string channel, int count) => _setAside.Add(count, new KeyValuePair<string, object?>("notify.channel", channel));

    public void Released(string reason) => _released.Add(1, new KeyValuePair<string, object?>("notify.reason", reason));
}
