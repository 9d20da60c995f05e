namespace Notify.Tests.Distributed.Faults;

/// <summary>A delivery as it stands in the database.</summary>
/// <param name="Notification">Its notification.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Address">Null where the recipient has none.</param>
/// <param name="State">See DESIGN.md §3; <c>missing</c> for a notification without deliveries.</param>
/// <param name="Reason">Why it is in that state.</param>
/// <param name="Claims">How often it was claimed.</param>
/// <param name="Calls">Calls to a provider that are on record.</param>
/// <param name="SentAt">When the provider had taken it.</param>
/// <param name="AcceptedAt">The time in its notification's id.</param>
internal sealed record DeliveryRow(
    Guid Notification,
    string Channel,
    string? Address,
    string State,
    string? Reason,
    int Claims,
    int Calls,
    DateTimeOffset? SentAt,
    DateTimeOffset AcceptedAt
)
{
    private static readonly HashSet<string> s_final =
    [
        "sent",
        "delivered",
        "failed",
        "bounced",
        "expired",
        "suppressed",
        "skipped",
        "cancelled",
        "unknown",
        "dead",
    ];

    public bool IsFinal => s_final.Contains(State);

    /// <summary>Whether the row says that the provider has it.</summary>
    public bool IsWithProvider => State is "sent" or "delivered" or "bounced";
}
