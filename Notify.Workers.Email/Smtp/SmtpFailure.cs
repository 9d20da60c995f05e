using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

/// <summary>One row of <see cref="SmtpFailures"/>. What a row leaves out matches anything.</summary>
/// <param name="Kind">The class of the outcome.</param>
/// <param name="Detail">For operators, in our own words.</param>
/// <param name="Source">Where the meaning is documented.</param>
internal sealed record SmtpFailure(OutcomeKind Kind, string Detail, string Source)
{
    /// <summary>Reply codes; a single digit stands for its whole class.</summary>
    public int[] Codes { get; init; } = [];

    /// <summary>Enhanced codes; one that ends in a dot stands for the whole subject, an <c>x</c> for any digit.</summary>
    public string[] Enhanced { get; init; } = [];

    public SmtpPhase Phases { get; init; } = SmtpPhase.Any;

    /// <summary>Only where the text speaks of one of these.</summary>
    public SmtpTopic Topics { get; init; }

    /// <summary>
    /// What it concerns. A recipient's domain only where a recipient has been named; before that it is the sender, or the account.
    /// </summary>
    public FaultScope Scope { get; init; } = FaultScope.Account;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How the waits of a throttled answer grow; null where they do not.</summary>
    public RetrySchedule? Growing { get; init; }

    public bool Matches(SmtpReply reply, SmtpPhase phase) =>
        (Phases & phase) != 0
        && (Codes.Length == 0 || Codes.Contains(reply.Code) || Codes.Contains(reply.Code / 100))
        && (Enhanced.Length == 0 || reply.Trusted is { } code && Enhanced.Any(row => IsLike(code, row)))
        && (Topics == SmtpTopic.None || (Topics & reply.Topics) != 0);

    /// <summary>The scope where the answer came.</summary>
    public FaultScope ScopeAt(SmtpPhase phase) =>
        Scope == FaultScope.Domain && (phase & SmtpPhase.AboutRecipient) == 0
            ? phase == SmtpPhase.Sender
                ? FaultScope.Sender
                : FaultScope.Account
            : Scope;

    private static bool IsLike(string code, string row)
    {
        if (row.EndsWith('.'))
            return code.StartsWith(row, StringComparison.Ordinal);
        if (code.Length != row.Length)
            return false;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] != code[i] && !(row[i] == 'x' && char.IsAsciiDigit(code[i])))
                return false;
        }
        return true;
    }
}
