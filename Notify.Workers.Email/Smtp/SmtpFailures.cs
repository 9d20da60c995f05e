using Notify.Core.Channels;

namespace Notify.Workers.Email.Smtp;

/// <summary>What a refusal means, as data: the first row that matches decides.</summary>
internal static class SmtpFailures
{
    /// <summary>A sender's quota opens again by the second or by the day; asking once a minute costs nothing.</summary>
    private static readonly TimeSpan QuotaPause = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<SmtpFailure> Table { get; } =
    [
        new(OutcomeKind.Throttled, "The server's quota or rate for this sender is used up.") { Codes = [454], Throttling = true, RetryAfter = QuotaPause },
        new(OutcomeKind.Transient, "The server asks to try again later.") { Codes = [4] },
        new(OutcomeKind.Misconfigured, "The server refuses our login, or wants one or TLS first.") { Codes = [530, 534, 535, 538] },

        // Before the recipient is named nothing can be wrong with it, and hardly anything with the message.
        new(OutcomeKind.Misconfigured, "The server does not serve us.") { Codes = [5], Phases = SmtpPhase.Connect | SmtpPhase.Login },
        new(OutcomeKind.Permanent, "The message is too large.") { Codes = [5], Enhanced = ["5.3.4", "5.2.3"] },
        new(OutcomeKind.Misconfigured, "The server does not accept our sender address.") { Codes = [550, 551, 553, 554], Phases = SmtpPhase.Sender },

        new(OutcomeKind.DeadAddress, "The address does not exist.")
        {
            Codes = [550, 551, 553], Enhanced = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"], Phases = SmtpPhase.AboutRecipient,
        },
        new(OutcomeKind.Permanent, "The mailbox is disabled or full.") { Codes = [5], Enhanced = ["5.2.1", "5.2.2"] },

        // RFC 5321 section 4.5.3.1.10: old servers say so where 452 is meant.
        new(OutcomeKind.Transient, "The server takes no further recipients now.") { Codes = [552], Phases = SmtpPhase.Recipient },
        new(OutcomeKind.Permanent, "The server refuses the message by policy.") { Codes = [5], Enhanced = ["5.7."] },
        new(OutcomeKind.Permanent, "The server refuses the message by policy.") { Codes = [554] },
        new(OutcomeKind.Permanent, "The server refuses the message.") { Codes = [5] },

        // A code of success that is not the one to come: no refusal, so after the content the server may own the message.
        new(OutcomeKind.Ambiguous, "The server's answer to the message is not understood.") { Phases = SmtpPhase.Content },
        new(OutcomeKind.Transient, "The server's answer is not understood."),
    ];

    public static Outcome Classify(SmtpReply reply, SmtpPhase phase)
    {
        var row = Table.First(row => row.Matches(reply, phase));
        // Greylisting and busy mailboxes answer where the recipient is named; 421 there is still the server's own.
        var aboutRecipient = row.Kind == OutcomeKind.Transient && phase == SmtpPhase.Recipient && reply.Code != 421;
        return new Outcome(row.Kind, Code: reply.ToString(), Detail: row.Detail, RetryAfter: row.RetryAfter, ConcernsAddress: aboutRecipient);
    }
}
