using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>One notification × one channel × one address. Partitioned like its notification; the truth about what was sent.</summary>
public sealed class Delivery
{
    public required string TenantId { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required Guid DeliveryId { get; init; }

    public required Guid NotificationId { get; init; }

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

    /// <summary>When a waiting delivery comes due, or a claim's lease ends.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When its record was last produced, by the database's clock: a queued row that its lane's consumers have passed is produced again.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? Provider { get; init; }

    public string? ProviderMessageId { get; init; }

    public string? Code { get; init; }

    public int? Segments { get; init; }

    /// <summary>Each call that was made, as a JSON array.</summary>
    public required string Attempts { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries").HasKey(d => new { d.TenantId, d.AcceptedAt, d.DeliveryId });
        delivery.Property(d => d.TenantId).HasMaxLength(64);
        delivery.Property(d => d.Device).HasColumnType("jsonb");
        delivery.Property(d => d.Attempts).HasColumnType("jsonb").HasDefaultValueSql("'[]'::jsonb");
        delivery.Property(d => d.UpdatedAt).HasDefaultValueSql("now()");
        // No foreign key: a bulk-written table; the Router writes both in one transaction.
        // Not behind tenant and time: with those in front it would look as good as the key for finding a single row, and many rows share a millisecond.
        delivery.HasIndex(d => d.NotificationId);
        // What became of one person's messages (GET /v1/notifications?recipient=…). The recipient first: behind the tenant it would look as good as the key. See docs/decisions/0007.
        delivery.HasIndex(d => new { d.RecipientId, d.TenantId, d.AcceptedAt }).HasFilter("recipient_id IS NOT NULL");
        // What comes due, lane by lane: a bulk backlog does not stand before a critical retry.
        delivery.HasIndex(d => new { d.Channel, d.Lane, d.DueAt }).HasFilter("due_at IS NOT NULL");
        // What stands in Kafka: kept small by the tenants' shares, so that it can be counted and looked through.
        delivery.HasIndex(d => new { d.Channel, d.Lane, d.TenantId, d.QueuedAt }).HasFilter("state = 'queued'");
        // What waits for its tenant's turn.
        delivery.HasIndex(d => new { d.Channel, d.Lane, d.TenantId, d.AcceptedAt, d.DeliveryId }).HasFilter("state = 'waiting' AND reason = 'share'");
    }
}
