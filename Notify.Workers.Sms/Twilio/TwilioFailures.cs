using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Notify.Core.Channels;

namespace Notify.Workers.Sms.Twilio;

/// <summary>
/// The failure table of creating a message. Twilio's code decides, then the HTTP status. Twilio may change what a code means
/// (it says so itself), so an unknown one has a safe default: 5xx ambiguous, other 4xx permanent.
/// Sources: twilio.com/docs/api/errors/{code}.
/// </summary>
internal static class TwilioFailures
{
    /// <summary>The wait after a refused burst that names none: short, because what it lacks is a free slot, not quota.</summary>
    public static readonly TimeSpan BurstWait = TimeSpan.FromSeconds(1);

    /// <summary>The wait while the sender's queue at Twilio is full: hours of messages stand in it.</summary>
    public static readonly TimeSpan FullQueueWait = TimeSpan.FromMinutes(1);

    public static readonly FrozenDictionary<int, TwilioFailure> ByCode = new Dictionary<int, TwilioFailure>
    {
        [10001] = new(OutcomeKind.Misconfigured, "The Twilio account is not active: look at its state in Twilio's console."),
        [20003] = new(OutcomeKind.Misconfigured, "Twilio refused the credentials: check Sms:Twilio:AccountSid and AuthToken."),
        [20404] = new(OutcomeKind.Misconfigured, "Twilio does not know the account: check Sms:Twilio:AccountSid."),
        [20422] = new(OutcomeKind.Permanent, "Twilio found the request invalid."),
        [20429] = new(OutcomeKind.Throttled, "Too many requests at once; this one was not processed.", BurstWait),
        [21211] = new(OutcomeKind.DeadAddress, "The number is not valid."),
        [21212] = new(OutcomeKind.Misconfigured, "The sender is not valid: check Sms:Twilio:From."),
        [21401] = new(OutcomeKind.DeadAddress, "The number is not valid."),
        [21408] = new(OutcomeKind.Misconfigured, "The account may not send to this country: allow it in Twilio's geographic permissions.", ConcernsAddress: true),
        [21602] = new(OutcomeKind.Permanent, "The text is empty."),
        [21603] = new(OutcomeKind.Misconfigured, "There is no sender: set Sms:Twilio:From or MessagingServiceSid."),
        [21606] = new(OutcomeKind.Misconfigured, "The sender is not one of this account that can send text messages: check Sms:Twilio:From."),
        [21609] = new(OutcomeKind.Misconfigured, "Twilio does not accept the report address: check Sms:Twilio:StatusCallback."),
        [21610] = new(OutcomeKind.OptedOut, "The recipient has answered STOP to this sender."),
        [21611] = new(OutcomeKind.Throttled, "The sender's queue at Twilio is full.", FullQueueWait),
        [21612] = new(OutcomeKind.Permanent, "Twilio has no route from this sender to this number."),
        [21614] = new(OutcomeKind.DeadAddress, "The number cannot receive text messages."),
        [21617] = new(OutcomeKind.Permanent, "The text is too long."),
    }.ToFrozenDictionary();

    /// <summary>For codes without a row, and for answers without a code.</summary>
    private static readonly FrozenDictionary<int, TwilioFailure> ByStatus = new Dictionary<int, TwilioFailure>
    {
        [401] = ByCode[20003],
        [429] = ByCode[20429],
    }.ToFrozenDictionary();

    private static readonly TwilioFailure NotTwilio = new(OutcomeKind.Misconfigured, "The answer is not one of Twilio's API: check Sms:Twilio:Endpoint and the proxy.");
    private static readonly TwilioFailure ServerFault = new(OutcomeKind.Ambiguous, "Twilio failed; it may have taken the message.");
    private static readonly TwilioFailure Unknown = new(OutcomeKind.Permanent, "Twilio refused the message with a code that has no row in the failure table.");
    private static readonly TwilioFailure Unreadable = new(OutcomeKind.Ambiguous, "The answer could not be read; Twilio may have taken the message.");
    private static readonly TwilioFailure CutShort = new(OutcomeKind.Transient, "Twilio refused the message and the reason was lost on the way.");
    private static readonly TwilioFailure NotSent = new(OutcomeKind.Transient, "No connection to Twilio; nothing was sent.");
    private static readonly TwilioFailure LostAnswer = new(OutcomeKind.Ambiguous, "The connection broke before the answer; Twilio may have taken the message.");
    private static readonly TwilioFailure Late = new(OutcomeKind.Ambiguous, "No answer in time; Twilio may have taken the message.");

    /// <summary>A complete answer other than an accepted message. <paramref name="code"/> is 0 where it has none.</summary>
    public static Outcome Refused(HttpStatusCode status, int code, TimeSpan? retryAfter)
    {
        var failure = RowFor((int)status, code);
        var name = code == 0 ? $"HTTP {(int)status}" : code.ToString(CultureInfo.InvariantCulture);
        return new(failure.Kind, Code: name, Detail: failure.Detail, RetryAfter: retryAfter ?? failure.Wait, ConcernsAddress: failure.ConcernsAddress);
    }

    /// <summary>No complete answer: the call timed out, or the connection was refused or broke.</summary>
    public static Outcome Lost(HttpStatusCode? status, bool mayHaveArrived, bool timedOut, TimeSpan? retryAfter)
    {
        var code = timedOut ? "timeout" : "connection";
        var failure = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests => ByStatus[(int)status],
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => CutShort,
            null when !mayHaveArrived => NotSent,
            _ => timedOut ? Late : LostAnswer,
        };
        return new(failure.Kind, Code: code, Detail: failure.Detail, RetryAfter: retryAfter ?? failure.Wait);
    }

    /// <summary>Whether the table has a row of its own for this refusal.</summary>
    public static bool Knows(HttpStatusCode status, int code) => RowFor((int)status, code) != Unknown;

    private static TwilioFailure RowFor(int status, int code) =>
        ByCode.GetValueOrDefault(code) ?? ByStatus.GetValueOrDefault(status) ?? status switch
        {
            >= 500 => ServerFault,
            403 or 404 or 407 when code == 0 => NotTwilio,
            >= 400 => Unknown,
            >= 300 => NotTwilio,
            _ => Unreadable,
        };
}
