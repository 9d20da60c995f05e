using System.Diagnostics;
using System.Diagnostics.Metrics;
using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Sending;

/// <summary>What the send path tells of itself.</summary>
public sealed class DeliveryMetrics
{
    public const string MeterName = "Notify.Deliveries";

    /// <summary>Spans of the send path.</summary>
    public static readonly ActivitySource Activities = new("Notify.Deliveries");

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _ambiguous;
    private readonly Counter<long> _superseded;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _dead;
    private readonly Histogram<double> _handover;
    private readonly Histogram<double> _call;

    public DeliveryMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _attempts = meter.CreateCounter<long>("notify.delivery.attempts", "{attempt}", "Provider calls, by outcome.");
        _settled = meter.CreateCounter<long>("notify.delivery.settled", "{delivery}", "Deliveries by the state an attempt left them in.");
        _ambiguous = meter.CreateCounter<long>(
            "notify.delivery.ambiguous",
            "{attempt}",
            "Attempts whose answer was lost: the only window for a duplicate."
        );
        _superseded = meter.CreateCounter<long>(
            "notify.delivery.superseded",
            "{outcome}",
            "Outcomes of calls whose claim had lapsed meanwhile: somebody else may have made the call again."
        );
        _refused = meter.CreateCounter<long>(
            "notify.delivery.refused_outcomes",
            "{outcome}",
            "Outcomes that Postgres refused, by what was written in their place."
        );
        _parked = meter.CreateCounter<long>("notify.delivery.parked", "{delivery}", "Deliveries put aside before a call, by reason.");
        _dead = meter.CreateCounter<long>("notify.dead_letters", "{letter}", "What was kept as a dead letter, by kind, cause and channel.");
        _handover = meter.CreateHistogram<double>("notify.delivery.handover.duration", "s", "From accept to the provider's yes.");
        _call = meter.CreateHistogram<double>("notify.provider.call.duration", "s", "One provider call.");
    }

    public void Attempted(Channel channel, string provider, OutcomeKind outcome, TimeSpan duration)
    {
        var tags = new TagList
        {
            { "notify.channel", channel.ToName() },
            { "notify.provider", provider },
            { "notify.outcome", outcome.ToName() },
        };
        _attempts.Add(1, tags);
        _call.Record(duration.TotalSeconds, tags);
        if (outcome == OutcomeKind.Ambiguous)
            _ambiguous.Add(1, tags);
    }

    public void Settled(Channel channel, Lane lane, Transition transition)
    {
        var (name, state) = (channel.ToName(), transition.State.ToName());
        _settled.Add(
            1,
            new TagList
            {
                { "notify.channel", name },
                { "notify.lane", lane.ToName() },
                { "notify.state", state },
            }
        );
        if (!transition.LeavesLetter)
            return;
        var kind = DeadLetterKinds.Delivery;
        _dead.Add(
            1,
            new TagList
            {
                { "notify.kind", kind },
                { "notify.cause", transition.Reason },
                { "notify.channel", name },
            }
        );
    }

    public void Superseded(int outcomes) => _superseded.Add(outcomes);

    public void Refused(bool isLost) => _refused.Add(1, new KeyValuePair<string, object?>("notify.result", isLost ? "nothing" : "state"));

    public void DeadRecord(Channel channel, string cause) =>
        _dead.Add(
            1,
            new TagList
            {
                { "notify.kind", DeadLetterKinds.Record },
                { "notify.cause", cause },
                { "notify.channel", channel.ToName() },
            }
        );

    public void Parked(Channel channel, Lane lane, string reason) =>
        _parked.Add(
            1,
            new TagList
            {
                { "notify.channel", channel.ToName() },
                { "notify.lane", lane.ToName() },
                { "notify.reason", reason },
            }
        );

    public void HandedOver(Channel channel, Lane lane, TimeSpan sinceAccept) =>
        _handover.Record(
            Math.Max(0, sinceAccept.TotalSeconds),
            new TagList { { "notify.channel", channel.ToName() }, { "notify.lane", lane.ToName() } }
        );
}
