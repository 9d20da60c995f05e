namespace Notify.Core.Suppressions;

/// <summary>Why an address is suppressed, in stable words.</summary>
public static class SuppressionCauses
{
    /// <summary>Somebody asked for it.</summary>
    public const string Manual = "manual";

    /// <summary>It came from another system's list.</summary>
    public const string Import = "import";

    /// <summary>A provider said that nobody has the address.</summary>
    public const string Bounce = "bounce";

    /// <summary>The person called a message spam.</summary>
    public const string Complaint = "complaint";

    /// <summary>The person answered STOP, or left by a link.</summary>
    public const string OptOut = "opt_out";

    public static IReadOnlyList<string> All { get; } = [Manual, Import, Bounce, Complaint, OptOut];
}
