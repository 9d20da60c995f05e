using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Workers.Router.Release;

/// <summary>A row that came due, as it is stored, with what becomes of it.</summary>
internal sealed record DueDelivery
{
    public required string Tenant { get; init; }

    /// <summary>Null where there is no such tenant any more.</summary>
    public bool? IsTenantEnabled { get; init; }

    public required Guid Id { get; init; }

    public required Guid NotificationId { get; init; }

    /// <summary>As the row has it: this version need not know it.</summary>
    public required string Channel { get; init; }

    /// <summary>Likewise.</summary>
    public required string Lane { get; init; }

    public string? RecipientId { get; init; }

    public string? Address { get; init; }

    public string? Device { get; init; }

    /// <summary>The state that it was found in.</summary>
    public required string Was { get; init; }

    public required string Reason { get; init; }

    public required int Attempt { get; init; }

    public required bool AtMostOnce { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null where its notification is gone.</summary>
    public byte[]? Request { get; init; }

    public string? TraceParent { get; init; }

    public DeliveryKey Key => new(Tenant, Id);

    public bool MayHaveBeenSent => Was == DeliveryStates.ToName(DeliveryState.Sending);

    /// <summary>What was decided; see <see cref="Decide"/>.</summary>
    public Decision Decision { get; private set; }

    /// <summary>What is to be produced; null where nothing is.</summary>
    public Sendable? Sendable { get; private set; }

    /// <summary>What came of its record, where one was made.</summary>
    public ProduceResult Produced { get; set; }

    /// <summary>No record can be made of it: another version wrote it, or something of it is missing. It waits for a version that can.</summary>
    public bool IsUnreadable => Decision.IsSend && Sendable is null;

    /// <summary>It was to be sent, and Kafka did not say that it has the record.</summary>
    public bool IsUnconfirmed => Sendable is not null && Produced == ProduceResult.Unconfirmed;

    /// <summary>Decides what is to become of it, and makes its record where it is to be sent.</summary>
    public void Decide(DateTimeOffset now)
    {
        Decision = Gates.Decide(
            new()
            {
                Now = now,
                ExpiresAt = ExpiresAt,
                IsTenantEnabled = IsTenantEnabled ?? true,
                IsRecipientKnown = true,
                HasAddress = true, // it had one when it was routed; without one it is another version's
                MayHaveBeenSent = MayHaveBeenSent,
                AtMostOnce = AtMostOnce,
            }
        );
        if (Decision.IsSend)
            Sendable = TryRead();
    }

    /// <summary>What the row becomes, after what is to be sent was produced.</summary>
    public ReleasedRow ToReleased()
    {
        var (state, reason) =
            !Decision.IsSend ? (Decision.State, Decision.Reason)
            : IsUnreadable ? (DeliveryState.Waiting, DeliveryReasons.Unreadable)
            : Produced == ProduceResult.TooLarge ? (DeliveryState.Failed, DeliveryReasons.TooLarge)
            : (DeliveryState.Queued, null);
        return new(Key, Channel, Lane, state, reason);
    }

    /// <summary>
    /// Null where the row cannot be read: one row must not end the Router, which would meet it again after each restart.
    /// </summary>
    private Sendable? TryRead()
    {
        try
        {
            var request = NotificationReader.ReadRecord(Request);
            if (request is null || Address is null)
                return null;
            var row = new OpenDelivery(
                Key,
                NotificationId,
                ChannelNames.Parse(Channel),
                LaneNames.Parse(Lane),
                RecipientId,
                Address,
                Device is null ? null : JsonSerializer.Deserialize(Device, DeliveryJson.Default.DeviceInfo),
                Attempt,
                ExpiresAt
            );
            return new(row, request, TraceParent);
        }
#pragma warning disable CA1031 // Whatever comes out of it, it is this row's.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
