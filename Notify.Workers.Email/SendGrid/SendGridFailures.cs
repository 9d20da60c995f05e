using System.Collections.Frozen;
using System.Net;
using Notify.Core.Channels;
using Notify.Core.Channels.Http;

namespace Notify.Workers.Email.SendGrid;

/// <summary>SendGrid's failure table, as data. It has no codes of its own, so the HTTP status decides.</summary>
internal static class SendGridFailures
{
    private static readonly FailureRule NotSendGrid = new(OutcomeKind.Misconfigured, "The answer is not that of SendGrid's API. Check Email:SendGrid:Endpoint and proxies on the way.");

    public static FrozenDictionary<int, FailureRule> ByStatus { get; } = new Dictionary<int, FailureRule>
    {
        [400] = new(OutcomeKind.Permanent, "SendGrid refused the message or its recipient."),
        [401] = new(OutcomeKind.Misconfigured, "SendGrid does not accept the key. Check Email:SendGrid:ApiKey."),
        [403] = new(OutcomeKind.Misconfigured, "The key may not send, Email:From is no verified sender, or the account is blocked for a while. See SendGrid's console."),
        [404] = NotSendGrid,
        [405] = NotSendGrid,
        [406] = new(OutcomeKind.Permanent, "SendGrid does not take this form of message."),
        [407] = NotSendGrid,
        [413] = new(OutcomeKind.Permanent, "The message is too large."),
        [429] = new(OutcomeKind.Throttled, "Over SendGrid's rate limit.", RetryAfter: TimeSpan.FromMinutes(1)),
        [451] = new(OutcomeKind.Misconfigured, "The account's data belongs to another region. Check Email:SendGrid:Endpoint."),
    }.ToFrozenDictionary();

    public static FailureRule ServerError { get; } = new(OutcomeKind.Transient, "SendGrid failed.");

    public static FailureRule OtherClientError { get; } = new(OutcomeKind.Permanent, "SendGrid refused the message.");

    /// <summary>A success that is not SendGrid's 202: it may have taken the message.</summary>
    public static FailureRule UnknownSuccess { get; } = new(OutcomeKind.Ambiguous, "The answer is not understood. Check Email:SendGrid:Endpoint and proxies on the way.");

    public static Outcome Classify(HttpStatusCode status, string? field, TimeSpan? retryAfter) =>
        RuleFor((int)status).ToOutcome(field is null ? AnswerCode.Of(status) : $"{AnswerCode.Of(status)} {field}", retryAfter);

    private static FailureRule RuleFor(int status) => ByStatus.GetValueOrDefault(status) ?? status switch
    {
        >= 500 => ServerError,
        >= 400 => OtherClientError,
        >= 300 => NotSendGrid,
        _ => UnknownSuccess,
    };
}
