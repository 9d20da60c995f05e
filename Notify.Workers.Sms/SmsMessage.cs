using Notify.Core.Deliveries;

namespace Notify.Workers.Sms;

/// <summary>One text message to one number, rendered.</summary>
/// <param name="DeliveryId">Our id.</param>
/// <param name="To">The number in E.164.</param>
/// <param name="Text">The text, at most 1,600 characters.</param>
/// <param name="ExpiresAt">After this the carrier should not deliver any more.</param>
public sealed record SmsMessage(Guid DeliveryId, string To, string Text, DateTimeOffset ExpiresAt)
{
    public static SmsMessage Of(DeliveryRecord record) => new(record.Id, record.Address, record.Content.Body ?? "", record.ExpiresAt);
}
