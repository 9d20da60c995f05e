namespace Notify.Core.DeadLetters;

/// <summary>Why a record could not be used.</summary>
public static class DeadLetterCauses
{
    public const string Unreadable = "unreadable";
    public const string UnknownVersion = "unknown_schema_version";
    public const string NoTenant = "no_tenant";
    public const string UnknownTenant = "unknown_tenant";
    public const string BadId = "bad_notification_id";
    public const string Invalid = "invalid";

    /// <summary>It could be read, and working on it failed all the same: a fault of ours, or data that Postgres refuses.</summary>
    public const string Failed = "failed";
}
