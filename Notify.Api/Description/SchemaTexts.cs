namespace Notify.Api.Description;

/// <summary>What fields mean, for whoever reads the reference or a generated client.</summary>
internal static class SchemaTexts
{
    public static IReadOnlyDictionary<string, string> OfProperties { get; } =
        new Dictionary<string, string>
        {
            ["NotificationRequest.recipients"] = "Who gets it: ids of registered recipients, or addresses.",
            ["NotificationRequest.channels"] = "Left out: every channel for which the recipient has an address.",
            ["NotificationRequest.type"] = "transactional where it is left out.",
            ["NotificationRequest.category"] = "Your own grouping, such as orders.shipping: up to 64 of a-z 0-9 . _ -",
            ["NotificationRequest.priority"] = "normal where it is left out. With the type it chooses the lane.",
            ["NotificationRequest.payload"] = "What the app gets with a push; values that are not strings travel as their JSON text.",
            ["NotificationRequest.ttl"] = "Seconds until an unsent message expires; three days where it is left out.",
            ["NotificationRequest.deduplicationKey"] =
                "A second notification of the tenant with the same key within 24 hours is recorded and not sent.",
            ["MessageContent.title"] = "For every channel.",
            ["MessageContent.body"] = "For every channel.",
            ["RecipientTarget.phone"] = "E.164, such as +15005550006.",
            ["PushTarget.app"] = "The bundle id, where it is not the configured one.",
            ["PushTarget.environment"] = "production where it is left out.",
            ["NotificationView.duplicateOf"] = "The notification that had the same key first.",
            ["NotificationView.traceId"] = "Of the trace that it was accepted in, where there is one.",
            ["NotificationView.routedAt"] = "When its deliveries were decided.",
            ["DeliveryView.address"] = "Where it goes; of a push token only the end.",
            ["DeliveryView.dueAt"] = "When a waiting delivery is tried next.",
            ["DeliveryView.code"] = "The provider's word for its refusal.",
            ["DeliveryView.segments"] = "Of a text message: how many parts it is billed as.",
            ["DeliveryView.attempts"] = "Every call to a provider.",
            ["AttemptRecord.milliseconds"] = "How long the call took.",
            ["CancelledView.cancelled"] = "Deliveries that are cancelled and will never be sent.",
            ["CancelledView.alreadySent"] = "Deliveries that a provider has, may have, or is being asked to take.",
            ["RecipientRequest.phone"] = "E.164, such as +15005550006.",
            ["RecipientRequest.locale"] = "A language tag, such as de-CH.",
            ["RecipientRequest.timeZone"] = "An IANA time zone id, such as Europe/Zurich.",
            ["RecipientRequest.attributes"] = "Your own facts about the person, up to 16 KB.",
            ["DeviceRequest.token"] = "The push token. It is a credential and is not shown again.",
            ["DeviceRequest.app"] = "The bundle id, where it is not the configured one.",
            ["DeviceRequest.environment"] = "production where it is left out.",
            ["DeviceView.disabledReason"] = "The provider's code that disabled it.",
            ["ReplayRequest.ids"] = "These letters. Give one of ids, fingerprint and filter.",
            ["ReplayRequest.fingerprint"] = "A group. Give one of ids, fingerprint and filter.",
            ["ReplayRequest.filter"] = "The letters that this finds. Give one of ids, fingerprint and filter.",
            ["ReplayRequest.ratePerSecond"] = "100 where it is left out.",
            ["ReplayRequest.includeAmbiguous"] = "Whether deliveries that a provider may have taken are sent again too.",
            ["FieldError.field"] = "The path in the body, the name of a header or parameter, or empty for the body as a whole.",
            ["FieldError.rule"] = "Stable: the name of the rule that is broken.",
            ["FieldError.message"] = "What is expected, for people.",
            ["ChannelView.stale"] = "No worker of the channel has reported for 15 s: nobody reads its lanes.",
            ["ChannelView.seenAt"] = "The last report of one of its workers.",
            ["ProviderView.stale"] = "No worker speaks for this account any more.",
            ["ProviderView.age"] = "Of the last report, in seconds.",
        };
}
