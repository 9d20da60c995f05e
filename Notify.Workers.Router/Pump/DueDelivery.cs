using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Workers.Router.Pump;

/// <summary>
/// A row that came due, as it is stored, with what becomes of it. <see cref="Request"/> is null where its notification is gone.
/// </summary>
internal sealed record DueDelivery(
    string Tenant,
    DateTimeOffset AcceptedAt,
    Guid Id,
    Guid NotificationId,
    string Channel,
    string Lane,
    string? RecipientId,
    string? Address,
    string? Device,
    string Was,
    string Reason,
    int Attempt,
    bool AtMostOnce,
    DateTimeOffset ExpiresAt,
    byte[]? Request,
    string? TraceParent,
    DateTimeOffset Now
)
{
    public DeliveryKey Key => new(Tenant, Id);

    /// <summary>What came of its record, where one was made.</summary>
    public ProduceResult Produced { get; set; }

    /// <summary>No record could be made of it: another version wrote it, or something of it is missing.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>
    /// An abandoned claim may have been sent: under at-most-once it is not sent again. Past its expiry nothing is sent. A row that cannot
    /// be read waits for a version that can. The rest is queued again.
    /// </summary>
    public DeliveryState Verdict =>
        AtMostOnce && Was == "sending" ? DeliveryState.Unknown
        : ExpiresAt <= Now ? DeliveryState.Expired
        : IsUnreadable ? DeliveryState.Waiting
        : Produced == ProduceResult.TooLarge ? DeliveryState.Failed
        : DeliveryState.Queued;

    public string? VerdictReason =>
        Verdict switch
        {
            DeliveryState.Unknown => DeliveryReasons.LeaseExpired,
            DeliveryState.Expired => DeliveryReasons.Expired,
            DeliveryState.Waiting => DeliveryReasons.Unreadable,
            DeliveryState.Failed => DeliveryReasons.TooLarge,
            _ => null,
        };

    public ReleasedRow ToReleased() => new(Key, Channel, Lane, Verdict, VerdictReason);

    /// <summary>
    /// Null, and noted, where the row cannot be read: one row must not end the Router, which would meet it again after each restart.
    /// </summary>
    /// <param name="weight">The tenant's.</param>
    public OutgoingRecord? TryToRecord(int weight = 1)
    {
        try
        {
            return ToRecord(weight);
        }
#pragma warning disable CA1031 // Whatever comes out of it, it is this row's.
        catch (Exception)
#pragma warning restore CA1031
        {
            IsUnreadable = true;
            return null;
        }
    }

    private OutgoingRecord ToRecord(int weight)
    {
        var (channel, lane) = (ChannelNames.Parse(Channel), LaneNames.Parse(Lane));
        var request = JsonSerializer.Deserialize(Request, NotificationJson.Lenient.NotificationRequest)
            ?? throw new InvalidDataException("There is no request.");
        var record = new DeliveryRecord
        {
            Id = Id,
            NotificationId = NotificationId,
            Address = Address ?? throw new InvalidDataException("There is no address."),
            RecipientId = RecipientId,
            Device = Device is null ? null : JsonSerializer.Deserialize(Device, DeliveryJson.Default.DeviceInfo),
            Attempt = Attempt,
            Priority = request.EffectivePriority(),
            ExpiresAt = ExpiresAt,
            Content = DeliveryContent.For(channel, request),
            DryRun = SelfCheckNotification.IsDryRun(Tenant, request),
        };
        return DeliveryProducer.ToRecord(Tenant, channel, lane, record, TraceParent, weight);
    }
}
