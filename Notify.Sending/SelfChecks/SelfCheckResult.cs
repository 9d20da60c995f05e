namespace Notify.Sending.SelfChecks;

/// <summary>How a check ended.</summary>
public enum SelfCheckResult
{
    /// <summary>A provider took the message.</summary>
    Ok,

    /// <summary>The delivery ended otherwise: refused, skipped, given up.</summary>
    NotSent,

    /// <summary>It was not sent in time.</summary>
    Late,

    /// <summary>Kafka or Postgres could not be reached.</summary>
    Unreachable,
}

internal static class SelfCheckResults
{
    /// <summary>The result as metrics and logs name it.</summary>
    public static string ToTag(this SelfCheckResult result) =>
        result switch
        {
            SelfCheckResult.Ok => "ok",
            SelfCheckResult.NotSent => "not_sent",
            SelfCheckResult.Late => "late",
            SelfCheckResult.Unreachable => "unreachable",
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
        };
}
