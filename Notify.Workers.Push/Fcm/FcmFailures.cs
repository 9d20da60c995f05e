using System.Collections.Frozen;
using System.Net;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Fcm;

/// <summary>FCM's failure table, as data. FCM's own code decides; without one, the HTTP status does.</summary>
internal static class FcmFailures
{
    /// <summary>Google asks for ten seconds before the first repeat after a server error.</summary>
    public static RetrySchedule ServerErrorSchedule { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));

    public static FailureRule DeadToken { get; } =
        new(OutcomeKind.DeadAddress, "FCM says the token is not a valid one.", Doubt: TokenDoubt.Setting);

    /// <summary>About the devices that FCM reaches through Apple (or a browser): Android's go on.</summary>
    private static readonly FailureRule ApnsKey = new(
        OutcomeKind.Misconfigured,
        "The Firebase project's APNs key or web push key is missing or wrong. Set it in the Firebase console.",
        Scope: FaultScope.Platform
    );

    private static readonly FailureRule BadMessage = new(
        OutcomeKind.Permanent,
        "FCM refused the message, not the token. Check the template, its data keys and its size (4,096 bytes).",
        Scope: FaultScope.Message
    );

    public static FrozenDictionary<string, FailureRule> ByCode { get; } =
        new Dictionary<string, FailureRule>
        {
            ["INVALID_ARGUMENT"] = BadMessage,
            ["UNREGISTERED"] = new(
                OutcomeKind.DeadAddress,
                "The app was removed from the device, or its token replaced.",
                Doubt: TokenDoubt.Project
            ),
            ["SENDER_ID_MISMATCH"] = new(
                OutcomeKind.DeadAddress,
                "The token belongs to another Firebase project. If many do, check Push:Fcm:ProjectId.",
                Doubt: TokenDoubt.Setting
            ),
            ["QUOTA_EXCEEDED"] = new(OutcomeKind.Throttled, "Over FCM's quota.", RetryAfter: TimeSpan.FromMinutes(1)),
            ["UNAVAILABLE"] = new(OutcomeKind.Transient, "FCM is overloaded.", Schedule: ServerErrorSchedule),
            ["INTERNAL"] = new(OutcomeKind.Transient, "FCM failed.", Schedule: ServerErrorSchedule),
            ["THIRD_PARTY_AUTH_ERROR"] = ApnsKey,
            ["APNS_AUTH_ERROR"] = ApnsKey,
        }.ToFrozenDictionary();

    /// <summary>A code that this table does not know yet: worth two more calls, never the token.</summary>
    public static FailureRule UnknownCode { get; } =
        new(OutcomeKind.Transient, "FCM gave a code that is not known here.", Schedule: ServerErrorSchedule, MaxAttempts: 3);

    public static FrozenDictionary<int, FailureRule> ByStatus { get; } =
        new Dictionary<int, FailureRule>
        {
            [400] = BadMessage,
            [401] = new(
                OutcomeKind.Misconfigured,
                "FCM did not accept the access token, a renewed one included. Check Push:Fcm:Credentials."
            ),
            [403] = new(
                OutcomeKind.Misconfigured,
                "The service account may not send. Enable the FCM API and give the account the role for it."
            ),
            [404] = new(OutcomeKind.Misconfigured, "FCM does not know the project. Check Push:Fcm:ProjectId."),
            [429] = new(OutcomeKind.Throttled, "Over FCM's quota.", RetryAfter: TimeSpan.FromMinutes(1)),
        }.ToFrozenDictionary();

    public static FailureRule OtherServerError { get; } =
        new(OutcomeKind.Transient, "FCM, or something before it, failed.", Schedule: ServerErrorSchedule);

    public static FailureRule OtherClientError { get; } = new(OutcomeKind.Permanent, "FCM refused the request.");

    public static FailureRule NotFcm { get; } =
        new(OutcomeKind.Misconfigured, "The answer is not FCM's. Check Push:Fcm:Endpoint and proxies on the way.");

    /// <summary>Whether the access token is what was refused, so that another one may help.</summary>
    public static bool IsAboutAccessToken(HttpStatusCode status, FcmError error) =>
        status == HttpStatusCode.Unauthorized && error.Code is null;

    /// <param name="status">Of the answer.</param>
    /// <param name="error">What its body says.</param>
    /// <param name="retryAfter">How long it asks to wait.</param>
    /// <param name="platform">The scope of devices like this one.</param>
    public static Outcome Classify(HttpStatusCode status, FcmError error, TimeSpan? retryAfter, NamedScope? platform = null) =>
        RuleFor((int)status, error).ToOutcome(error.Code ?? error.Status ?? AnswerCode.Of(status), retryAfter, platform);

    private static FailureRule RuleFor(int status, FcmError error) =>
        status switch
        {
            400 when error.BlamesToken => DeadToken,
            _ when error.Code is { } code => ByCode.GetValueOrDefault(code, UnknownCode),
            _ when ByStatus.TryGetValue(status, out var rule) => rule,
            >= 500 => OtherServerError,
            >= 400 => OtherClientError,
            _ => NotFcm,
        };
}
