namespace Notify.Core.Channels;

/// <summary>What one attempt came to, in the classes that decide what happens to the delivery next.</summary>
public enum OutcomeKind
{
    /// <summary>The provider accepted the message.</summary>
    Sent,

    /// <summary>This message will never work: fail it, do not retry, keep the address.</summary>
    Permanent,

    /// <summary>The address or token is gone: fail the delivery and disable the address at once.</summary>
    DeadAddress,

    /// <summary>The recipient opted out at the provider: never retry.</summary>
    OptedOut,

    /// <summary>The provider asked to wait: consumes no attempt, waits for <see cref="Outcome.RetryAfter"/>.</summary>
    Throttled,

    /// <summary>A passing fault: retried on the delivery's schedule.</summary>
    Transient,

    /// <summary>Our credentials or setup are wrong: the delivery waits, consumes no attempt and never costs an address.</summary>
    Misconfigured,

    /// <summary>The provider may have accepted the message and the answer was lost.</summary>
    Ambiguous,
}

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
