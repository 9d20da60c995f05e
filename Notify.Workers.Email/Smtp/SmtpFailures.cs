using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

/// <summary>
/// What a refusal means, as data: the first row that matches decides. What concerns us (login, sender rights, relaying, the domain's
/// authentication, the account) waits until somebody mends it; what concerns volume waits until there is room again; what concerns the
/// recipient or the message ends the delivery.
/// </summary>
/// <remarks>Longer than other files, because it is one table whose order decides.</remarks>
internal static class SmtpFailures
{
    private const string Rfc = "RFC 3463, RFC 5248";
    private const string Gmail = "Gmail (support.google.com/a/answer/3726730)";
    private const string Microsoft365 = "Microsoft 365 (learn.microsoft.com, non-delivery-reports-in-exchange-online)";
    private const string Authentication = $"RFC 7372, RFC 7505, RFC 8617; {Gmail}; {Microsoft365}";
    private const string Ses = "Amazon SES (docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html)";

    /// <summary>
    /// Day quotas count the last 24 hours (Gmail, Microsoft 365 and SES alike), so room comes back by and by: asked once an hour.
    /// </summary>
    private static readonly TimeSpan DayQuotaPause = TimeSpan.FromHours(1);

    /// <summary>The wait where mail of one kind comes too fast and no wait is documented.</summary>
    private static readonly TimeSpan FloodPause = TimeSpan.FromMinutes(10);

    /// <summary>SES counts by the second and asks for a second, then longer.</summary>
    private static readonly RetrySchedule Growing = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    public static IReadOnlyList<SmtpFailure> Table { get; } =
    [
        // Volume.
        new(OutcomeKind.Throttled, "The mailbox gets no more in this hour.", Microsoft365)
        {
            Codes = [4, 5],
            Enhanced = ["4.2.121", "4.2.122", "5.2.121", "5.2.122"],
            Scope = FaultScope.Address,
            RetryAfter = TimeSpan.FromHours(1),
        },
        new(OutcomeKind.Throttled, "The mailbox gets mail faster than its server takes it.", Gmail)
        {
            Codes = [4, 5],
            Enhanced = ["4.2.1", "5.2.1"],
            Topics = SmtpTopic.Rate,
            Scope = FaultScope.Address,
            RetryAfter = FloodPause,
        },
        new(OutcomeKind.Throttled, "The server's quota of a day for this sender is used up.", $"{Gmail}; {Microsoft365}")
        {
            Codes = [5],
            Enhanced = ["5.4.5", "5.1.90", "5.7.232", "5.7.233"],
            RetryAfter = DayQuotaPause,
        },
        new(
            OutcomeKind.Throttled,
            "More mail than the recipient's provider takes from this sender for now.",
            $"IANA SMTP enhanced status codes (X.7.28); {Gmail}; {Microsoft365}"
        )
        {
            Codes = [4, 5],
            Enhanced = ["4.7.28", "5.7.28", "5.7.508", "4.7.5xx", "4.7.6xx"],
            Scope = FaultScope.Domain,
            RetryAfter = FloodPause,
        },
        new(
            OutcomeKind.Misconfigured,
            "The sender's domain does not pass SPF, DKIM, DMARC or reverse DNS there: see its DNS records.",
            Authentication
        )
        {
            Codes = [4, 5],
            Enhanced = ["4.7.2x", "4.7.30", "4.7.32", "4.7.40", "5.7.2x", "5.7.30", "5.7.32", "5.7.40", "5.7.509", "5.7.515"],
            Scope = FaultScope.Domain,
        },
        new(OutcomeKind.Throttled, "The server's quota of a day for this sender is used up.", $"{Ses}; {Gmail}; {Microsoft365}")
        {
            Codes = [4, 5],
            Topics = SmtpTopic.Day,
            RetryAfter = DayQuotaPause,
        },
        new(OutcomeKind.Throttled, "More connections than the server allows: lower Email:Smtp:MaxConnections.", $"{Ses}; {Microsoft365}")
        {
            Codes = [4],
            Topics = SmtpTopic.Connections,
            RetryAfter = Growing.Floor,
            Growing = Growing,
        },
        new(OutcomeKind.Throttled, "Faster than the server allows: lower Email:Smtp:MessagesPerSecond.", Ses)
        {
            Codes = [454],
            Topics = SmtpTopic.Rate,
            RetryAfter = Growing.Floor,
            Growing = Growing,
        },
        new(OutcomeKind.Throttled, "Faster than the recipient's provider takes it.", Gmail)
        {
            Codes = [4],
            Topics = SmtpTopic.Rate,
            Phases = ~SmtpPhase.Login & SmtpPhase.Any,
            Scope = FaultScope.Domain,
            RetryAfter = Growing.Floor,
            Growing = Growing,
        },
        new(OutcomeKind.Throttled, "Faster than the recipient's provider takes it.", Gmail)
        {
            Codes = [550, 554],
            Topics = SmtpTopic.Rate,
            Phases = SmtpPhase.Sender | SmtpPhase.AboutRecipient,
            Scope = FaultScope.Domain,
            RetryAfter = FloodPause,
        },
        new(OutcomeKind.Transient, "The server asks to try again later.", "RFC 5321 §4.2.1") { Codes = [4] },
        // What concerns us.
        new(OutcomeKind.Misconfigured, "The server refuses our login, or wants one or TLS first.", "RFC 4954")
        {
            Codes = [530, 534, 535, 538],
        },
        new(OutcomeKind.Misconfigured, "The server refuses our login, or wants one or TLS first.", $"RFC 5248; {Microsoft365}")
        {
            Codes = [5],
            Enhanced = ["5.7.3", "5.7.8", "5.7.9", "5.7.10", "5.7.11", "5.7.13", "5.7.14", "5.7.57", "5.7.139"],
        },
        new(OutcomeKind.Misconfigured, "Our account there is suspended, or not one that may send.", Microsoft365)
        {
            Codes = [5],
            Enhanced = ["5.7.7xx"],
        },
        new(OutcomeKind.Misconfigured, "Our account there is suspended, paused or without a permission.", Ses)
        {
            Codes = [550, 554],
            Topics = SmtpTopic.Account,
        },
        // Before the recipient is named nothing can be wrong with it, and hardly anything with the message.
        new(OutcomeKind.Misconfigured, "The server does not serve us.", "RFC 5321 §4.2")
        {
            Codes = [5],
            Phases = SmtpPhase.Connect | SmtpPhase.Login,
        },
        new(OutcomeKind.Permanent, "The message is too large.", Rfc)
        {
            Codes = [5],
            Enhanced = ["5.3.4", "5.2.3"],
            Scope = FaultScope.Message,
        },
        new(OutcomeKind.Misconfigured, "The server does not let us send as this sender.", $"{Rfc}; {Microsoft365}")
        {
            Codes = [5],
            Enhanced = ["5.1.7", "5.1.8", "5.2.252", "5.7.60", "5.7.501", "5.7.502", "5.7.503"],
            Scope = FaultScope.Sender,
        },
        // The recipient.
        new(OutcomeKind.DeadAddress, "The address does not exist.", $"{Rfc}, RFC 7505")
        {
            Codes = [550, 551, 553],
            Enhanced = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"],
            Phases = SmtpPhase.AboutRecipient,
        },
        new(OutcomeKind.DeadAddress, "The mailbox or its domain belongs to somebody else now.", "RFC 7293")
        {
            Codes = [550, 551, 553],
            Enhanced = ["5.7.17", "5.7.18"],
            Phases = SmtpPhase.AboutRecipient,
        },
        new(OutcomeKind.Permanent, "The mailbox is disabled or full.", Rfc) { Codes = [5], Enhanced = ["5.2.1", "5.2.2"] },
        // Us again, where only the words tell.
        new(OutcomeKind.Misconfigured, "The server does not let us send as this sender.", $"{Microsoft365}; Postfix")
        {
            Codes = [5],
            Topics = SmtpTopic.SenderRights,
            Scope = FaultScope.Sender,
        },
        new(
            OutcomeKind.Misconfigured,
            "The server does not relay for us: see its permissions and Email:Smtp:UserName.",
            $"Microsoft 365 (5.7.54, 5.7.64); {Gmail}; Postfix and others in words"
        )
        {
            Codes = [5],
            Enhanced = ["5.7.54", "5.7.64"],
            Scope = FaultScope.Domain,
        },
        new(
            OutcomeKind.Misconfigured,
            "The server does not relay for us: see its permissions and Email:Smtp:UserName.",
            $"{Gmail}; {Microsoft365}; Postfix"
        )
        {
            Codes = [5],
            Topics = SmtpTopic.Relaying,
            Scope = FaultScope.Domain,
        },
        new(
            OutcomeKind.Misconfigured,
            "The recipient's provider has banned our sending IP address: ask it to take it off its list.",
            Microsoft365
        )
        {
            Codes = [5],
            Enhanced = ["5.7.6xx", "5.7.506", "5.7.511"],
            Scope = FaultScope.Domain,
        },
        new(OutcomeKind.Misconfigured, "The sender's domain does not pass SPF, DKIM or DMARC there: see its DNS records.", Gmail)
        {
            Codes = [550, 554],
            Topics = SmtpTopic.Authentication,
            Scope = FaultScope.Domain,
        },
        new(OutcomeKind.Misconfigured, "SES has not verified an address or domain of this mail; in its sandbox the recipient's too.", Ses)
        {
            Codes = [550, 554],
            Topics = SmtpTopic.Identity,
            Scope = FaultScope.Domain,
        },
        new(OutcomeKind.Misconfigured, "The server does not accept our sender address.", "RFC 5321 §4.2")
        {
            Codes = [501, 550, 551, 553, 554],
            Phases = SmtpPhase.Sender,
            Scope = FaultScope.Sender,
        },
        // Old servers say so where 452 is meant.
        new(OutcomeKind.Transient, "The server takes no further recipients now.", "RFC 5321 §4.5.3.1.10")
        {
            Codes = [552],
            Phases = SmtpPhase.Recipient,
        },
        // The message.
        new(OutcomeKind.Permanent, "The server cannot carry such a message.", Rfc)
        {
            Codes = [5],
            Enhanced = ["5.6."],
            Scope = FaultScope.Message,
        },
        new(OutcomeKind.Permanent, "The server refuses the message by policy.", Rfc) { Codes = [5], Enhanced = ["5.7."] },
        new(OutcomeKind.Permanent, "The server refuses the message by policy.", "RFC 5321 §4.2") { Codes = [554] },
        new(OutcomeKind.Permanent, "The server refuses the message.", "RFC 5321 §4.2.1") { Codes = [5] },
        // A code of success where it is not the one to come; after the content any of them is a yes and gets no row.
        new(OutcomeKind.Ambiguous, "The server's answer to the message is not understood.", "RFC 5321 §4.2.1")
        {
            Phases = SmtpPhase.Content,
        },
        new(OutcomeKind.Transient, "The server's answer is not understood.", "RFC 5321 §4.2.1"),
    ];

    /// <param name="reply">What the server said.</param>
    /// <param name="phase">To what.</param>
    /// <param name="scopes">The mail's; null where none was about to be sent.</param>
    public static Outcome Classify(SmtpReply reply, SmtpPhase phase, MailScopes? scopes = null)
    {
        var row = Table.First(row => row.Matches(reply, phase));
        var scope = row.ScopeAt(phase);
        // Greylisting and busy mailboxes answer where the recipient is named; 421 there is still the server's own.
        var aboutRecipient =
            scope == FaultScope.Address || (row.Kind == OutcomeKind.Transient && phase == SmtpPhase.Recipient && reply.Code != 421);
        return new Outcome(
            row.Kind,
            Code: reply.ToString(),
            Detail: row.Detail,
            RetryAfter: row.RetryAfter,
            Schedule: row.Growing,
            ConcernsAddress: aboutRecipient,
            Scope: scopes?.Named(scope),
            ConcernsMessage: scope == FaultScope.Message
        );
    }
}
