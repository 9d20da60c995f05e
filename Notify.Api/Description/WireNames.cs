using System.Reflection;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Providers;
using Notify.Core.Suppressions;
using Notify.Core.Time;

namespace Notify.Api.Description;

/// <summary>The closed sets of names in requests and answers, from the code that uses them.</summary>
internal static class WireNames
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } =
        new Dictionary<string, IReadOnlyList<string>>
        {
            ["Channel"] = [.. ChannelNames.All.Select(channel => channel.ToName())],
            ["NotificationType"] = NotificationTypes.All,
            ["Priority"] = Priorities.All,
            ["Lane"] = [.. LaneNames.All.Select(lane => lane.ToName())],
            ["DeliveryState"] = [.. Enum.GetValues<DeliveryState>().Select(state => state.ToName())],
            ["DeliveryReason"] = ConstantsOf(typeof(DeliveryReasons)),
            ["AttemptOutcome"] = [.. Enum.GetValues<OutcomeKind>().Select(kind => kind.ToName()), AttemptRecord.NotCalled],
            ["Platform"] = ["fcm", "apns"],
            ["PushEnvironment"] = ["production", "sandbox"],
            ["DeviceState"] = [Device.Active, Device.Disabled],
            ["DeadLetterKind"] = DeadLetterKinds.All,
            ["DeadLetterState"] = DeadLetterStates.All,
            ["ReplayState"] = ConstantsOf(typeof(ReplayStates)),
            ["ProviderState"] = ConstantsOf(typeof(ProviderStanding)),
            ["CategoryMode"] = CategoryTerms.Modes,
            ["QuietHoursRule"] = CategoryTerms.QuietHoursRules,
            ["Guarantee"] = CategoryTerms.Guarantees,
            ["SuppressionCause"] = SuppressionCauses.All,
            ["Gate"] = [.. GateNames.Gates.Select(gate => gate.ToName())],
            ["GateVerdict"] = [.. GateNames.Verdicts.Select(verdict => verdict.ToName())],
            ["DecisionLayer"] = [.. DecisionLayerNames.All.Select(layer => layer.ToName())],
            ["Verdict"] =
            [
                "send",
                .. GateNames.Verdicts.Where(verdict => verdict is not (Verdict.Pass or Verdict.Bypass)).Select(verdict => verdict.ToName()),
            ],
            ["WeekDay"] = WeekDayNames.All,
        };

    /// <summary>Which set a property's values are of: <c>schema.property</c>.</summary>
    public static IReadOnlyDictionary<string, string> OfProperties { get; } =
        new Dictionary<string, string>
        {
            ["NotificationRequest.channels"] = "Channel",
            ["NotificationRequest.type"] = "NotificationType",
            ["NotificationRequest.priority"] = "Priority",
            ["PushTarget.platform"] = "Platform",
            ["PushTarget.environment"] = "PushEnvironment",
            ["NotificationView.type"] = "NotificationType",
            ["NotificationView.priority"] = "Priority",
            ["NotificationView.lane"] = "Lane",
            ["ListedNotification.type"] = "NotificationType",
            ["ListedNotification.priority"] = "Priority",
            ["ListedNotification.lane"] = "Lane",
            ["ListedDelivery.channel"] = "Channel",
            ["ListedDelivery.state"] = "DeliveryState",
            ["ListedDelivery.reason"] = "DeliveryReason",
            ["DeliveryView.channel"] = "Channel",
            ["DeliveryView.state"] = "DeliveryState",
            ["DeliveryView.reason"] = "DeliveryReason",
            ["AttemptRecord.outcome"] = "AttemptOutcome",
            ["DeviceRequest.platform"] = "Platform",
            ["DeviceRequest.environment"] = "PushEnvironment",
            ["DeviceView.platform"] = "Platform",
            ["DeviceView.environment"] = "PushEnvironment",
            ["DeviceView.state"] = "DeviceState",
            ["DeadLetterFilter.kind"] = "DeadLetterKind",
            ["DeadLetterFilter.channel"] = "Channel",
            ["DeadLetterView.kind"] = "DeadLetterKind",
            ["DeadLetterView.state"] = "DeadLetterState",
            ["DeadLetterView.channel"] = "Channel",
            ["DeadLetterView.lane"] = "Lane",
            ["DeadDeliveryView.state"] = "DeliveryState",
            ["DeadDeliveryView.reason"] = "DeliveryReason",
            ["DeadLetterGroupView.kind"] = "DeadLetterKind",
            ["DeadLetterGroupView.channel"] = "Channel",
            ["ReplayView.state"] = "ReplayState",
            ["ChannelView.channel"] = "Channel",
            ["ProviderView.channel"] = "Channel",
            ["ProviderView.state"] = "ProviderState",
            ["CategoryRequest.type"] = "NotificationType",
            ["CategoryRequest.mode"] = "CategoryMode",
            ["CategoryRequest.channels"] = "Channel",
            ["CategoryRequest.quietHours"] = "QuietHoursRule",
            ["CategoryRequest.guarantee"] = "Guarantee",
            ["CategoryView.type"] = "NotificationType",
            ["CategoryView.mode"] = "CategoryMode",
            ["CategoryView.channels"] = "Channel",
            ["CategoryView.quietHours"] = "QuietHoursRule",
            ["CategoryView.guarantee"] = "Guarantee",
            ["WindowPreference.days"] = "WeekDay",
            ["SuppressionRequest.channel"] = "Channel",
            ["SuppressionRequest.cause"] = "SuppressionCause",
            ["SuppressionView.channel"] = "Channel",
            ["SuppressionView.cause"] = "SuppressionCause",
            ["ExplainedDelivery.channel"] = "Channel",
            ["ExplainedDelivery.state"] = "DeliveryState",
            ["ExplainedDelivery.reason"] = "DeliveryReason",
            ["SimulatedDelivery.channel"] = "Channel",
            ["SimulatedDelivery.verdict"] = "Verdict",
            ["SimulatedDelivery.reason"] = "DeliveryReason",
            ["GateView.gate"] = "Gate",
            ["GateView.verdict"] = "GateVerdict",
            ["GateView.layer"] = "DecisionLayer",
        };

    private static List<string> ConstantsOf(Type words) =>
        [
            .. words
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.IsLiteral && field.FieldType == typeof(string))
                .Select(field => (string)field.GetRawConstantValue()!),
        ];
}
