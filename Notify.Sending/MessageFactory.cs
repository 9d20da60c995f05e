using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Sending;

/// <summary>A channel's message made of a delivery's record.</summary>
public static class MessageFactory
{
    private static readonly IReadOnlyDictionary<string, string> NoData = new Dictionary<string, string>();

    public static PushMessage Push(DeliveryRecord record)
    {
        var device = record.Device ?? throw new InvalidDataException("A push delivery names its device.");
        return new(
            record.Id,
            device.Platform,
            record.Address,
            device.App,
            device.Environment,
            device.RegisteredAt,
            record.Content.Title,
            record.Content.Body ?? "",
            record.Content.Data ?? NoData,
            record.Priority is Priorities.Critical or Priorities.High or Priorities.Normal,
            record.ExpiresAt,
            record.DryRun
        );
    }

    public static EmailMessage Email(DeliveryRecord record) =>
        new(
            record.Id,
            record.Address,
            record.Content.Title ?? "",
            record.Content.Body,
            record.Content.Html,
            record.Priority == Priorities.Critical
        );

    public static SmsMessage Sms(DeliveryRecord record) => new(record.Id, record.Address, record.Content.Body ?? "", record.ExpiresAt);
}
