using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>
/// One notification × one channel × one address: the truth about what was sent. Its id is a UUIDv7 of the notification's time; partitions
/// are days of ids. The row stays in place while it is sent: no index has a column that a claim or its outcome changes.
/// </summary>
public sealed class Delivery
{
    public required Guid DeliveryId { get; init; }

    public required Guid NotificationId { get; init; }

    public required string TenantId { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required string Channel { get; init; }

    public required string Lane { get; init; }

    public string? RecipientId { get; init; }

    /// <summary>Null where the recipient has none on this channel.</summary>
    public string? Address { get; init; }

    /// <summary>For push: what the provider needs to know of the device.</summary>
    public string? Device { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    /// <summary>Calls that count.</summary>
    public int Attempt { get; init; }

    /// <summary>Grows with each claim; an outcome counts only while it still matches.</summary>
    public int Fence { get; init; }

    /// <summary>Which claim was the last: who did not learn whether it succeeded finds it again.</summary>
    public Guid? ClaimId { get; init; }

    public bool AtMostOnce { get; init; }

    /// <summary>When a waiting delivery comes due, or a lapsed claim's came due; null while it is queued or sent.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When its record was last produced, by the database's clock; the batch of that moment counts it
    /// (<see cref="QueuedBatch"/>).</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? Provider { get; init; }

    public string? ProviderMessageId { get; init; }

    public string? Code { get; init; }

    public int? Segments { get; init; }

    /// <summary>Each call that did not send it, as a JSON array; of a row of an earlier version the one that did as well.</summary>
    public required string Attempts { get; init; }

    /// <summary>When the call that sent it began.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How long that call took; null where <see cref="Attempts"/> has it.</summary>
    public int? CallMs { get; init; }

    /// <summary>Why it was decided as it was, in the form of <see cref="Decisions.DecisionTrace"/>; null in a row that was decided before
    /// that was kept.</summary>
    public string? Decision { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries").HasKey(d => d.DeliveryId);
        delivery.Property(d => d.TenantId).HasMaxLength(64);
        delivery.Property(d => d.Device).HasColumnType("jsonb");
        delivery.Property(d => d.Attempts).HasColumnType("jsonb").HasDefaultValueSql("'[]'::jsonb");
        delivery.Property(d => d.UpdatedAt).HasDefaultValueSql("now()");
        // No foreign key: a bulk-written table; the Router writes both in one transaction.
        delivery.HasIndex(d => d.NotificationId);
        // What became of one person's messages (GET /v1/notifications?recipient=…). See docs/decisions/0007-lists-read-an-index.md.
        delivery
            .HasIndex(d => new
            {
                d.RecipientId,
                d.TenantId,
                d.AcceptedAt,
            })
            .HasFilter("recipient_id IS NOT NULL");
        // The index ix_deliveries_inline_address, by which a suppression finds what is open for an address that came with its request, is
        // of an expression and stands in its migration alone: an address may be longer than an index takes.
        // What waits, lane by lane: a bulk backlog does not stand before a critical retry. A row enters when it begins to wait and leaves
        // when it is produced again; what is sent at once is never in it. Nor is its state in any index or condition of one: a change of it
        // would be written into all of them. See docs/decisions/0008-rows-stay-in-place.md.
        delivery
            .HasIndex(d => new
            {
                d.Channel,
                d.Lane,
                d.DueAt,
            })
            .HasFilter("due_at IS NOT NULL");
        // What waits for its tenant's turn.
        delivery
            .HasIndex(d => new
            {
                d.Channel,
                d.Lane,
                d.TenantId,
                d.AcceptedAt,
                d.DeliveryId,
            })
            .HasFilter("reason = 'share'");
    }
}
