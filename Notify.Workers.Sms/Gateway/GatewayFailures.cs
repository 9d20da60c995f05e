using System.Collections.Frozen;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

/// <summary>What an answer means that no rule of the configuration speaks of, as data: the usual meaning of its status.</summary>
internal static class GatewayFailures
{
    /// <summary>The wait where the gateway names none: most count by the second or so.</summary>
    public static TimeSpan ThrottledWait { get; } = TimeSpan.FromSeconds(5);

    public static readonly FailureRule Refused = new(OutcomeKind.Permanent, "The gateway refused the message.");
    public static readonly FailureRule Credentials = new(
        OutcomeKind.Misconfigured,
        "The gateway does not accept our credentials. Check Sms:Gateway:Headers."
    );

    public static FrozenDictionary<int, FailureRule> ByStatus { get; } =
        new Dictionary<int, FailureRule>
        {
            [400] = Refused,
            [401] = Credentials,
            [402] = new(OutcomeKind.Misconfigured, "The account at the gateway has no funds."),
            [403] = Credentials,
            [404] = Refused,
            [405] = new(OutcomeKind.Misconfigured, "The gateway does not take this method. Check Sms:Gateway:Url and Method."),
            [407] = new(OutcomeKind.Misconfigured, "A proxy on the way wants a login."),
            [413] = new(OutcomeKind.Permanent, "The message is too large for the gateway.", Scope: FaultScope.Message),
            [415] = new(OutcomeKind.Misconfigured, "The gateway does not take this form of body. Check Sms:Gateway:ContentType."),
            [422] = Refused,
            [429] = new(OutcomeKind.Throttled, "Over the gateway's rate limit.", RetryAfter: ThrottledWait),
        }.ToFrozenDictionary();

    public static FailureRule ServerError { get; } = new(OutcomeKind.Transient, "The gateway failed.");

    /// <summary>A success that is not among the configured ones: it may have taken the message.</summary>
    public static FailureRule UnknownSuccess { get; } =
        new(OutcomeKind.Ambiguous, "The answer is not understood. Check Sms:Gateway:SuccessStatus and Rules.");

    public static FailureRule Redirect { get; } = new(OutcomeKind.Misconfigured, "The gateway is elsewhere. Check Sms:Gateway:Url.");

    public static FailureRule For(int status) =>
        ByStatus.GetValueOrDefault(status)
        ?? status switch
        {
            >= 500 => ServerError,
            >= 400 => Refused,
            >= 300 => Redirect,
            _ => UnknownSuccess,
        };

    /// <summary>A refusal by a rule of the configuration.</summary>
    public static FailureRule Configured(OutcomeKind kind) =>
        new(kind, "By a rule of Sms:Gateway:Rules.", RetryAfter: kind == OutcomeKind.Throttled ? ThrottledWait : null);
}
