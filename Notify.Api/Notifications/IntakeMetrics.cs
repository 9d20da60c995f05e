using System.Diagnostics.Metrics;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>What the door tells of itself.</summary>
internal sealed class IntakeMetrics
{
    public const string MeterName = "Notify.Intake";
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _unconfirmed;
    private readonly Counter<long> _refused;

    public IntakeMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _accepted = meter.CreateCounter<long>(
            "notify.notifications.accepted",
            "{notification}",
            "Notifications persisted by the broker, by lane."
        );
        _unconfirmed = meter.CreateCounter<long>(
            "notify.notifications.unconfirmed",
            "{notification}",
            "Notifications the broker did not confirm (answered 503), by lane."
        );
        _refused = meter.CreateCounter<long>(
            "notify.notifications.refused",
            "{notification}",
            "Notifications over their tenant's accept limit (answered 429), by lane."
        );
    }

    public void Accepted(Lane lane) => _accepted.Add(1, new KeyValuePair<string, object?>("notify.lane", lane.ToName()));

    public void Refused(Lane lane, int count) => _refused.Add(count, new KeyValuePair<string, object?>("notify.lane", lane.ToName()));

    public void Unconfirmed(Lane lane) => _unconfirmed.Add(1, new KeyValuePair<string, object?>("notify.lane", lane.ToName()));
}
