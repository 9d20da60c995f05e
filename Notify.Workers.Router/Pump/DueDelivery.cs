using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.SelfChecks;

namespace Notify.Workers.Router.Pump;

/// <summary>A row that came due, with what becomes of it.</summary>
internal sealed record DueDelivery(
    string Tenant, DateTimeOffset AcceptedAt, Guid Id, Guid NotificationId, string Channel, Lane Lane, string? RecipientId, string Address, string? Device,
    string Was, string Reason, int Attempt, bool AtMostOnce, DateTimeOffset ExpiresAt, byte[] Request, string? TraceParent, DateTimeOffset Now)
{
    /// <summary>What came of its record, where one was made.</summary>
    public ProduceResult Produced { get; set; }

    /// <summary>An abandoned claim may have been sent: under at-most-once it is not sent again. Past its expiry nothing is sent. The rest is queued again.</summary>
    public DeliveryState Verdict =>
        AtMostOnce && Was == "sending" ? DeliveryState.Unknown
        : ExpiresAt <= Now ? DeliveryState.Expired
        : Produced == ProduceResult.TooLarge ? DeliveryState.Failed
        : DeliveryState.Queued;

    public string? VerdictReason => Verdict switch
    {
        DeliveryState.Unknown => DeliveryReasons.LeaseExpired,
        DeliveryState.Expired => DeliveryReasons.Expired,
        DeliveryState.Failed => DeliveryReasons.TooLarge,
        _ => null,
    };

    /// <param name="weight">The tenant's.</param>
    public OutgoingRecord ToRecord(int weight = 1)
    {
        var channel = ChannelNames.Parse(Channel);
        var request = JsonSerializer.Deserialize(Request, NotificationJson.Lenient.NotificationRequest)!;
        var record = new DeliveryRecord
        {
            Id = Id,
            NotificationId = NotificationId,
            Address = Address,
            RecipientId = RecipientId,
            Device = Device is null ? null : JsonSerializer.Deserialize(Device, DeliveryJson.Default.DeviceInfo),
            Attempt = Attempt,
            Priority = request.EffectivePriority(),
            ExpiresAt = ExpiresAt,
            Content = DeliveryContent.For(channel, request),
            DryRun = SelfCheckRequest.IsDryRun(Tenant, request),
        };
        return DeliveryProducer.ToRecord(Tenant, channel, Lane, record, TraceParent, weight);
    }
}
