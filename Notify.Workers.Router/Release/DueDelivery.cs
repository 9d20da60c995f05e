using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Routing;
using Notify.Core.Tenants;

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

    private string? _trace;

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
    /// <param name="now">The time of the decision.</param>
    /// <param name="facts">What is known of its recipient and its address.</param>
    /// <param name="tenant">What is known of its tenant.</param>
    public void Decide(DateTimeOffset now, DecisionFacts facts, TenantEntry tenant)
    {
        var owner = tenant with { IsEnabled = IsTenantEnabled ?? true };
        var trace = new List<GateResult>();
        var read = TryRead(now, facts, owner);
        var snapshot = read?.Snapshot ?? Unread(now, owner);
        Decision = Gates.Decide(snapshot with { MayHaveBeenSent = MayHaveBeenSent, AtMostOnce = AtMostOnce }, trace);
        _trace = read is null ? null : DecisionTrace.Kept(trace);
        if (Decision.IsSend)
            Sendable = read?.Sendable;
    }

    /// <summary>What the row becomes, after what is to be sent was produced.</summary>
    public ReleasedRow ToReleased()
    {
        var (state, reason) =
            !Decision.IsSend ? (Decision.State, Decision.Reason)
            : IsUnreadable ? (DeliveryState.Waiting, DeliveryReasons.Unreadable)
            : Produced == ProduceResult.TooLarge ? (DeliveryState.Failed, DeliveryReasons.TooLarge)
            : (DeliveryState.Queued, null);
        return new(Key, Channel, Lane, state, reason, Decision.IsSend ? null : Decision.Until, _trace);
    }

    /// <summary>What can be decided of a row that cannot be read.</summary>
    private Snapshot Unread(DateTimeOffset now, TenantEntry owner) =>
        new()
        {
            Now = now,
            ExpiresAt = ExpiresAt,
            IsTenantEnabled = owner.IsEnabled,
            DeliveryId = Id,
            Channel = default,
            IsRecipientKnown = true,
            HasAddress = true,
        };

    /// <summary>
    /// Null where the row, its request or its recipient's preferences cannot be read: one row must not end the Router, which would meet it
    /// again after each restart.
    /// </summary>
    private (Snapshot Snapshot, Sendable Sendable)? TryRead(DateTimeOffset now, DecisionFacts facts, TenantEntry owner)
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
            var terms = NotificationTerms.Of(request, owner.CategoryOf(request.Category));
            var candidate = new Candidate(Id, row.Channel, RecipientId, facts.IsKnown(Tenant, RecipientId), row.Address, row.Device);
            var snapshot = facts.SnapshotOf(Tenant, owner, request, terms, candidate, now, ExpiresAt);
            return (snapshot, new(row, request, TraceParent));
        }
#pragma warning disable CA1031 // Whatever comes out of it, it is this row's.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
