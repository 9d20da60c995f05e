using System.Text.Json;
using Notify.Core.Decisions;
using Notify.Core.Preferences;

namespace Notify.Api.Decisions;

/// <summary>Why the deliveries of a notification are as they are.</summary>
internal sealed record ExplainView(Guid Id, IReadOnlyList<ExplainedDelivery> Deliveries);

/// <summary>Why a delivery is as it is: the gates that did not simply let it through when it was last decided.</summary>
internal sealed record ExplainedDelivery(
    Guid Id,
    string Channel,
    string? RecipientId,
    string State,
    string? Reason,
    DateTimeOffset? Until,
    int? RulesVersion,
    IReadOnlyList<GateView> Gates
);

/// <summary>The body of <c>POST /v1/simulate</c>.</summary>
internal sealed class SimulationRequest
{
    /// <summary>When it would be accepted and routed; now when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What <c>POST /v1/notifications</c> would take.</summary>
    public JsonElement? Notification { get; init; }
}

/// <summary>What would become of a notification.</summary>
internal sealed record SimulationView(DateTimeOffset At, IReadOnlyList<SimulatedDelivery> Deliveries);

/// <summary>What would become of one delivery, and what each gate said.</summary>
internal sealed record SimulatedDelivery(
    string Channel,
    string? RecipientId,
    string Verdict,
    string? Reason,
    DateTimeOffset? Until,
    IReadOnlyList<GateView> Gates
);

/// <summary>What one gate saw, where that came from, and what it said.</summary>
internal sealed record GateView(
    string Gate,
    string Verdict,
    string? Value,
    string? Layer,
    string? Window,
    string? Zone,
    DateTimeOffset? Until
)
{
    public static GateView Of(GateResult result)
    {
        var isWindow = result is { Gate: Core.Decisions.Gate.QuietHours, Zone: not null };
        return new(
            result.Gate.ToName(),
            result.Verdict.ToName(),
            isWindow ? null : result.Value,
            result.Layer?.ToName(),
            isWindow ? result.Value : null,
            result.Zone,
            result.Until?.ToDateTimeOffset()
        );
    }
}
