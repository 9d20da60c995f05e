using System.Collections.Frozen;
using System.Net;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.SendGrid;

/// <summary>SendGrid's failure table, as data. It has no codes of its own, so the HTTP status decides.</summary>
internal static class SendGridFailures
{
    public static readonly FailureRule NotSendGrid = new(
        OutcomeKind.Misconfigured,
        "The answer is not that of SendGrid's API. Check Email:SendGrid:Endpoint and proxies on the way."
    );

    public static FrozenDictionary<int, FailureRule> ByStatus { get; } =
        new Dictionary<int, FailureRule>
        {
            [400] = new(OutcomeKind.Permanent, "SendGrid refused the message or its recipient."),
            [401] = new(
                OutcomeKind.Misconfigured,
                "SendGrid does not accept the key, or the plan's credits are used up. Check Email:SendGrid:ApiKey and the account."
            ),
            [403] = new(
                OutcomeKind.Misconfigured,
                "The key may not send, Email:From is no verified sender, or the account is blocked for a while. See SendGrid's console."
            ),
            [404] = NotSendGrid,
            [405] = NotSendGrid,
            [402] = new(OutcomeKind.Misconfigured, "The account's plan is used up or unpaid. See SendGrid's console."),
            [406] = new(OutcomeKind.Permanent, "SendGrid does not take this form of message.", Scope: FaultScope.Message),
            [407] = NotSendGrid,
            [413] = new(OutcomeKind.Permanent, "The message is too large.", Scope: FaultScope.Message),
            [429] = new(OutcomeKind.Throttled, "Over SendGrid's rate limit.", RetryAfter: TimeSpan.FromMinutes(1)),
            [451] = new(OutcomeKind.Misconfigured, "The account's data belongs to another region. Check Email:SendGrid:Endpoint."),
        }.ToFrozenDictionary();

    public static FailureRule ServerError { get; } = new(OutcomeKind.Transient, "SendGrid failed.");

    public static FailureRule OtherClientError { get; } = new(OutcomeKind.Permanent, "SendGrid refused the message.");

    /// <summary>A success that is not SendGrid's 202: it may have taken the message.</summary>
    public static FailureRule UnknownSuccess { get; } =
        new(OutcomeKind.Ambiguous, "The answer is not understood. Check Email:SendGrid:Endpoint and proxies on the way.");

    /// <summary>
    /// The sender is what was refused: <c>from</c> or a part of it. SendGrid answers so where it is no verified identity (403) or is
    /// malformed (400).
    /// </summary>
    public static FailureRule Sender { get; } =
        new(
            OutcomeKind.Misconfigured,
            "Email:From is no sender that SendGrid has verified. See Sender Authentication in SendGrid's console.",
            Scope: FaultScope.Sender
        );

    /// <summary>One of the fields that hold the message was refused.</summary>
    public static FailureRule Content { get; } =
        new(OutcomeKind.Permanent, "SendGrid refused what the message says.", Scope: FaultScope.Message);

    public static Outcome Classify(HttpStatusCode status, string? field, TimeSpan? retryAfter, MailScopes? scopes = null)
    {
        var rule = RuleFor((int)status, field);
        return rule.ToOutcome(
            field is null ? AnswerCode.Of(status) : $"{AnswerCode.Of(status)} {field}",
            retryAfter,
            scopes?.Named(rule.Scope)
        );
    }

    private static FailureRule RuleFor(int status, string? field) =>
        status switch
        {
            400 or 403 when field is "from" || field?.StartsWith("from.", StringComparison.Ordinal) == true => Sender,
            400 when field is "subject" or "content" || field?.StartsWith("content.", StringComparison.Ordinal) == true => Content,
            _ => RuleFor(status),
        };

    private static FailureRule RuleFor(int status) =>
        ByStatus.GetValueOrDefault(status)
        ?? status switch
        {
            >= 500 => ServerError,
            >= 400 => OtherClientError,
            >= 300 => NotSendGrid,
            _ => UnknownSuccess,
        };
}
