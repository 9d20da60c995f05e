using System.Collections.Frozen;
using System.Net;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Apns;

/// <summary>APNs' failure table, as data. Apple's reason decides; without a known one, the HTTP status does.</summary>
internal static class ApnsFailures
{
    /// <summary>Apple wants the same push not sooner than 15 minutes after a server error.</summary>
    public static RetrySchedule ServerErrorSchedule { get; } =
        new(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1));

    /// <summary>The device has registered again since APNs saw this token go: the answer is about a registration that is past.</summary>
    public static FailureRule RegisteredSince { get; } =
        new(OutcomeKind.Permanent, "APNs reports the token gone before its latest registration. The token is kept.");

    public static readonly FailureRule Gone = new(
        OutcomeKind.DeadAddress,
        "The app was removed from the device, or its token has expired.",
        Doubt: TokenDoubt.Project
    );
    private static readonly FailureRule OurRequest = new(
        OutcomeKind.Permanent,
        "APNs refused the request's form.",
        Scope: FaultScope.Message
    );
    public static readonly FailureRule Keys = new(
        OutcomeKind.Misconfigured,
        "APNs does not accept the signing key here. "
            + "Check Push:Apns:TeamId, KeyId, PrivateKey, and that the key covers the environment and the topic."
    );
    public static readonly FailureRule NotApns = new(
        OutcomeKind.Misconfigured,
        "The answer is not APNs'. Check Push:Apns:ProductionEndpoint, SandboxEndpoint and proxies on the way."
    );
    public static readonly FailureRule Unknown = new(
        OutcomeKind.Permanent,
        "APNs refused the push, or something before it did. Check Push:Apns:ProductionEndpoint, SandboxEndpoint and proxies on the way."
    );
    private static readonly FailureRule Environment = new(
        OutcomeKind.Misconfigured,
        "The signing key is not for this environment. Check Push:Apns:KeyId, and the key's environments in Apple's console.",
        Scope: FaultScope.Environment
    );
    private static readonly FailureRule Topic = new(
        OutcomeKind.Misconfigured,
        "Pushes to this topic are not allowed. Check the device's app, Push:Apns:Topic and the key's topics.",
        Scope: FaultScope.App
    );
    public static readonly FailureRule TooMany = new(OutcomeKind.Throttled, "Too many pushes.", RetryAfter: TimeSpan.FromMinutes(1));
    public static readonly FailureRule ServerError = new(OutcomeKind.Transient, "APNs failed.", Schedule: ServerErrorSchedule);

    public static FrozenDictionary<string, FailureRule> ByReason { get; } =
        new Dictionary<string, FailureRule>
        {
            ["BadDeviceToken"] = new(
                OutcomeKind.DeadAddress,
                "APNs does not know the token in this environment. If many are refused, check the devices' environment.",
                Doubt: TokenDoubt.Setting
            ),
            ["DeviceTokenNotForTopic"] = new(
                OutcomeKind.DeadAddress,
                "The token belongs to another app. If many are refused, check Push:Apns:Topic.",
                Doubt: TokenDoubt.Setting
            ),
            ["Unregistered"] = Gone,
            ["ExpiredToken"] = Gone,
            ["BadCollapseId"] = OurRequest,
            ["BadExpirationDate"] = OurRequest,
            ["BadMessageId"] = OurRequest,
            ["BadPriority"] = OurRequest,
            ["BadTopic"] = Topic,
            ["DuplicateHeaders"] = OurRequest,
            ["InvalidPushType"] = OurRequest,
            ["MissingDeviceToken"] = OurRequest,
            ["MissingTopic"] = Topic,
            ["PayloadEmpty"] = OurRequest,
            ["TopicDisallowed"] = Topic,
            ["BadPath"] = Unknown,
            ["MethodNotAllowed"] = Unknown,
            ["PayloadTooLarge"] = new(
                OutcomeKind.Permanent,
                "The payload is over 4,096 bytes. Shorten the template or its data.",
                Scope: FaultScope.Message
            ),
            ["IdleTimeout"] = new(OutcomeKind.Transient, "APNs closed an idle connection."),
            ["ExpiredProviderToken"] = new(
                OutcomeKind.Misconfigured,
                "APNs calls a fresh provider token expired. Check this machine's clock."
            ),
            ["InvalidProviderToken"] = Keys,
            ["MissingProviderToken"] = Keys,
            ["UnrelatedKeyIdInToken"] = Keys,
            ["BadEnvironmentKeyIdInToken"] = Environment,
            ["BadEnvironmentKeyInToken"] = Environment, // what live servers are reported to send
            ["BadCertificate"] = Keys,
            ["BadCertificateEnvironment"] = Environment,
            ["Forbidden"] = Keys,
            ["TooManyRequests"] = new(
                OutcomeKind.Throttled,
                "Too many pushes to this device.",
                RetryAfter: TimeSpan.FromMinutes(1),
                Scope: FaultScope.Address
            ),
            ["TooManyProviderTokenUpdates"] = new(
                OutcomeKind.Throttled,
                "APNs saw too many provider tokens. The present one is kept for 20 minutes.",
                RetryAfter: ApnsProviderToken.ShortestLife
            ),
            ["InternalServerError"] = ServerError,
            ["ServiceUnavailable"] = ServerError,
            ["Shutdown"] = ServerError,
        }.ToFrozenDictionary();

    /// <param name="status">Of the answer.</param>
    /// <param name="error">What its body says.</param>
    /// <param name="message">What was sent.</param>
    /// <param name="retryAfter">How long it asks to wait.</param>
    /// <param name="topic">The app it was sent to.</param>
    public static Outcome Classify(HttpStatusCode status, ApnsError error, PushMessage message, TimeSpan? retryAfter, string topic = "")
    {
        var rule = RuleFor((int)status, error.Reason);
        if (rule == Gone && message.RegisteredAt is { } registered && error.UnregisteredAt is { } gone && registered >= gone)
            rule = RegisteredSince;
        if (rule.Schedule == ServerErrorSchedule && message.HighPriority)
            rule = rule with { Schedule = null }; // urgent: the channel's own schedule, and its fallbacks
        return rule.ToOutcome(error.Reason ?? AnswerCode.Of(status), retryAfter, ScopeOf(rule.Scope, message, topic));
    }

    /// <summary>The scope of that kind; null where it is none of a push's.</summary>
    private static NamedScope? ScopeOf(FaultScope scope, PushMessage message, string topic) =>
        scope switch
        {
            FaultScope.App => FaultScopes.Of(scope, topic),
            FaultScope.Environment => FaultScopes.Of(scope, message.Environment),
            _ => null,
        };

    private static FailureRule RuleFor(int status, string? reason) =>
        status switch
        {
            _ when reason is not null && ByReason.TryGetValue(reason, out var rule) => rule,
            410 => Gone,
            403 => Keys,
            429 => TooMany, // without Apple's reason it is not known to be the device's
            >= 500 => ServerError,
            >= 400 => Unknown,
            _ => NotApns,
        };
}
