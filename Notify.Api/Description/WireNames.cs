using System.Reflection;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Core.Providers;

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
        };

    private static List<string> ConstantsOf(Type words) =>
        [
            .. words
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.IsLiteral && field.FieldType == typeof(string))
                .Select(field => (string)field.GetRawConstantValue()!),
        ];
}
