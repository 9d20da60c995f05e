namespace Notify.Core.Auditing;

/// <summary>What is written to the audit log, in stable words.</summary>
public static class AuditActions
{
    /// <summary>An operator was shown a record's contents.</summary>
    public const string ValueRead = "dead_letter.value_read";

    /// <summary>One letter was replayed.</summary>
    public const string Replayed = "dead_letter.replayed";

    /// <summary>One letter was reached and not replayed; the details say why.</summary>
    public const string Skipped = "dead_letter.skipped";

    public const string ReplayCreated = "replay.created";
    public const string ReplayStopped = "replay.stopped";
    public const string ReplayResumed = "replay.resumed";
    public const string ReplayDone = "replay.done";

    /// <summary>An address is not to be written to; the subject is the suppression, and the details say channel and scope.</summary>
    public const string SuppressionAdded = "suppression.added";

    /// <summary>It may be written to again.</summary>
    public const string SuppressionRemoved = "suppression.removed";

    /// <summary>
    /// Devices that a provider's answers had disabled are active again; the subject is the provider, and the details say how many.
    /// </summary>
    public const string DevicesRestored = "devices.restored";
}
