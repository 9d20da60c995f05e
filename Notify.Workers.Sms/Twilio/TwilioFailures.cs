using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Twilio;

/// <summary>
/// The failure table of creating a message. Twilio's code decides, then the HTTP status. Twilio may change what a code means
/// (it says so itself), so an unknown one has a safe default: 5xx ambiguous, other 4xx permanent.
/// Sources: twilio.com/docs/api/errors/{code}.
/// </summary>
/// <remarks>Longer than other files, because it is one table.</remarks>
internal static class TwilioFailures
{
    /// <summary>The wait after a refused burst that names none: short, because what it lacks is a free slot, not quota.</summary>
    public static readonly TimeSpan BurstWait = TimeSpan.FromSeconds(1);

    /// <summary>The wait while the sender's queue at Twilio is full: hours of messages stand in it.</summary>
    public static readonly TimeSpan FullQueueWait = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The wait where the carriers' quota of a day is used up: its day is a rolling one or ends at midnight in Pacific time, and Twilio
    /// does not say when.
    /// </summary>
    public static readonly TimeSpan DayQuotaWait = TimeSpan.FromHours(1);

    private static readonly TwilioFailure NotActive = new(
        OutcomeKind.Misconfigured,
        "The Twilio account is not active: look at its state and its balance in Twilio's console."
    );
    public static readonly TwilioFailure NotPermitted = new(
        OutcomeKind.Misconfigured,
        "The Twilio account or key lacks a permission: look at both in Twilio's console."
    );
    private static readonly TwilioFailure NoNumber = new(OutcomeKind.DeadAddress, "The number is not valid.");
    private static readonly TwilioFailure NoText = new(OutcomeKind.Permanent, "The text is empty.", Scope: FaultScope.Message);
    private static readonly TwilioFailure BadSender = new(
        OutcomeKind.Misconfigured,
        "The sender is not one of this account that can send text messages: check Sms:Twilio:From.",
        Scope: FaultScope.Sender
    );
    private static readonly TwilioFailure BadService = new(
        OutcomeKind.Misconfigured,
        "The messaging service does not exist or has no number that can send: check Sms:Twilio:MessagingServiceSid.",
        Scope: FaultScope.Sender
    );
    private static readonly TwilioFailure NotRegistered = new(
        OutcomeKind.Misconfigured,
        "Carriers do not take this sender before it is registered or verified (A2P 10DLC, toll-free): see Twilio's console.",
        Scope: FaultScope.Sender
    );
    private static readonly TwilioFailure Country = new(
        OutcomeKind.Misconfigured,
        "The account may not send to this country: allow it in Twilio's geographic permissions.",
        Scope: FaultScope.Country
    );

    public static readonly FrozenDictionary<int, TwilioFailure> ByCode = new Dictionary<int, TwilioFailure>
    {
        // The account, its funds, its permissions.
        [10001] = NotActive,
        [20005] = NotActive,
        [30002] = NotActive,
        [90010] = NotActive,
        [10002] = new(OutcomeKind.Misconfigured, "A trial account may not do this: upgrade it in Twilio's console."),
        [20003] = new(
            OutcomeKind.Misconfigured,
            "Twilio refused the credentials, or the account is suspended: check Sms:Twilio:AccountSid and AuthToken, and the balance."
        ),
        [20006] = NotPermitted,
        [20008] = new(OutcomeKind.Misconfigured, "Test credentials cannot be used for this: check Sms:Twilio:AccountSid and AuthToken."),
        [20403] = NotPermitted,
        [20404] = new(OutcomeKind.Misconfigured, "Twilio does not know the account: check Sms:Twilio:AccountSid."),
        [21470] = NotPermitted,
        [21608] = new(
            OutcomeKind.Misconfigured,
            "A trial account sends to verified numbers alone: verify this one, or upgrade the account.",
            Scope: FaultScope.Address
        ),

        // Volume.
        [20429] = new(OutcomeKind.Throttled, "Too many requests at once; this one was not processed.", BurstWait),
        [14107] = new(OutcomeKind.Throttled, "More messages a second than the sender may send.", BurstWait, FaultScope.Sender),
        [21611] = new(OutcomeKind.Throttled, "The sender's queue at Twilio is full.", FullQueueWait),
        [30001] = new(OutcomeKind.Throttled, "The sender's queue at Twilio is full.", FullQueueWait),
        [30022] = new(
            OutcomeKind.Throttled,
            "More messages than US carriers take from this sender in this time.",
            FullQueueWait,
            FaultScope.Sender
        ),
        [30023] = new(
            OutcomeKind.Throttled,
            "More messages than US carriers take from this sender in a day.",
            DayQuotaWait,
            FaultScope.Sender
        ),
        [30027] = new(
            OutcomeKind.Throttled,
            "More messages than a US carrier takes from this sender in a day.",
            DayQuotaWait,
            FaultScope.Sender
        ),

        // The sender, the country.
        [21212] = new(OutcomeKind.Misconfigured, "The sender is not valid: check Sms:Twilio:From.", Scope: FaultScope.Sender),
        [21408] = Country,
        [21601] = BadSender,
        [21603] = new(
            OutcomeKind.Misconfigured,
            "There is no sender: set Sms:Twilio:From or MessagingServiceSid.",
            Scope: FaultScope.Sender
        ),
        [21606] = BadSender,
        [21607] = BadSender,
        [21609] = new(OutcomeKind.Misconfigured, "Twilio does not accept the report address: check Sms:Twilio:StatusCallback."),
        [21659] = BadSender,
        [21660] = BadSender,
        [21661] = BadSender,
        [21701] = BadService,
        [21703] = BadService,
        [21704] = BadService,
        [21705] = BadService,
        [30032] = NotRegistered,
        [30034] = NotRegistered,

        // The recipient.
        [21211] = NoNumber,
        [21217] = NoNumber,
        [21401] = NoNumber,
        [21610] = new(OutcomeKind.OptedOut, "The recipient has answered STOP to this sender."),
        [21612] = new(OutcomeKind.Permanent, "Twilio has no route from this sender to this number."),
        [21614] = new(OutcomeKind.DeadAddress, "The number cannot receive text messages."),
        [21635] = new(OutcomeKind.DeadAddress, "The number is a landline's."),

        // The message.
        [20422] = new(OutcomeKind.Permanent, "Twilio found the request invalid.", Scope: FaultScope.Message),
        [21602] = NoText,
        [21617] = new(OutcomeKind.Permanent, "The text is too long.", Scope: FaultScope.Message),
        [21619] = NoText,
    }.ToFrozenDictionary();

    /// <summary>For codes without a row, and for answers without a code.</summary>
    public static readonly FrozenDictionary<int, TwilioFailure> ByStatus = new Dictionary<int, TwilioFailure>
    {
        [401] = ByCode[20003],
        [402] = NotActive,
        [429] = ByCode[20429],
    }.ToFrozenDictionary();

    public static readonly TwilioFailure NotTwilio = new(
        OutcomeKind.Misconfigured,
        "The answer is not one of Twilio's API: check Sms:Twilio:Endpoint and the proxy."
    );
    public static readonly TwilioFailure ServerFault = new(OutcomeKind.Ambiguous, "Twilio failed; it may have taken the message.");
    public static readonly TwilioFailure Unknown = new(
        OutcomeKind.Permanent,
        "Twilio refused the message with a code that has no row in the failure table."
    );
    public static readonly TwilioFailure Unreadable = new(
        OutcomeKind.Ambiguous,
        "The answer could not be read; Twilio may have taken the message."
    );
    public static readonly TwilioFailure CutShort = new(
        OutcomeKind.Transient,
        "Twilio refused the message and the reason was lost on the way."
    );
    public static readonly TwilioFailure NotSent = new(OutcomeKind.Transient, "No connection to Twilio; nothing was sent.");
    public static readonly TwilioFailure LostAnswer = new(
        OutcomeKind.Ambiguous,
        "The connection broke before the answer; Twilio may have taken the message."
    );
    public static readonly TwilioFailure Late = new(OutcomeKind.Ambiguous, "No answer in time; Twilio may have taken the message.");

    /// <summary>A complete answer other than an accepted message.</summary>
    /// <param name="status">Of the answer.</param>
    /// <param name="code">Twilio's; 0 where it has none.</param>
    /// <param name="retryAfter">How long it asks to wait.</param>
    /// <param name="scopes">The message's; null for none.</param>
    public static Outcome Refused(HttpStatusCode status, int code, TimeSpan? retryAfter, SmsScopes? scopes = null)
    {
        var failure = RowFor((int)status, code);
        var name = code == 0 ? $"HTTP {(int)status}" : code.ToString(CultureInfo.InvariantCulture);
        return new(
            failure.Kind,
            Code: name,
            Detail: failure.Detail,
            RetryAfter: retryAfter ?? failure.Wait,
            ConcernsAddress: failure.Scope == FaultScope.Address,
            Scope: scopes?.Named(failure.Scope),
            ConcernsMessage: failure.Scope == FaultScope.Message
        );
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
        ByCode.GetValueOrDefault(code)
        ?? ByStatus.GetValueOrDefault(status)
        ?? status switch
        {
            >= 500 => ServerFault,
            403 or 404 or 407 when code == 0 => NotTwilio,
            403 => NotPermitted,
            >= 400 => Unknown,
            >= 300 => NotTwilio,
            _ => Unreadable,
        };
}
