namespace Notify.Core.Channels;

/// <summary>The names of outcomes in attempts, metrics and logs.</summary>
public static class OutcomeNames
{
    public static string ToName(this OutcomeKind kind) =>
        kind switch
        {
            OutcomeKind.Sent => "sent",
            OutcomeKind.Permanent => "permanent",
            OutcomeKind.DeadAddress => "dead_address",
            OutcomeKind.OptedOut => "opted_out",
            OutcomeKind.Throttled => "throttled",
            OutcomeKind.Transient => "transient",
            OutcomeKind.Misconfigured => "misconfigured",
            OutcomeKind.Ambiguous => "ambiguous",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
