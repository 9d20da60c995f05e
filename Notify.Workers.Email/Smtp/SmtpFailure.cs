using Notify.Core.Channels;

namespace Notify.Workers.Email.Smtp;

/// <summary>One row of <see cref="SmtpFailures"/>. What a row leaves out matches anything.</summary>
internal sealed record SmtpFailure(OutcomeKind Kind, string Detail)
{
    /// <summary>Reply codes; a single digit stands for its whole class.</summary>
    public int[] Codes { get; init; } = [];

    /// <summary>Enhanced codes; one that ends in a dot stands for the whole subject.</summary>
    public string[] Enhanced { get; init; } = [];

    public SmtpPhase Phases { get; init; } = SmtpPhase.Any;

    /// <summary>Only where the text speaks of a rate or quota: one code for two matters.</summary>
    public bool Throttling { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public bool Matches(SmtpReply reply, SmtpPhase phase) =>
        (Phases & phase) != 0
        && (Codes.Length == 0 || Codes.Contains(reply.Code) || Codes.Contains(reply.Code / 100))
        && (Enhanced.Length == 0 || reply.Trusted is { } code && Enhanced.Any(row => row.EndsWith('.') ? code.StartsWith(row, StringComparison.Ordinal) : code == row))
        && (!Throttling || reply.SaysThrottled);
}
