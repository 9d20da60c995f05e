using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Workers.Email;

/// <summary>One mail to one address, rendered.</summary>
/// <param name="DeliveryId">Our id; the Message-ID is made of it, so a repeated attempt carries the same one.</param>
/// <param name="To">The address, already checked for syntax and control characters.</param>
/// <param name="Subject">The subject line.</param>
/// <param name="Text">The plain text part; at least one of the two parts is there.</param>
/// <param name="Html">The HTML part.</param>
/// <param name="Critical">Goes before others where connections are short.</param>
public sealed record EmailMessage(Guid DeliveryId, string To, string Subject, string? Text, string? Html, bool Critical = false)
{
    public static EmailMessage Of(DeliveryRecord record) =>
        new(
            record.Id,
            record.Address,
            record.Content.Title ?? "",
            record.Content.Body,
            record.Content.Html,
            record.Priority == Priorities.Critical
        );
}
