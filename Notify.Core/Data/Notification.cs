using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>What a producer asked for. Partitioned by the time inside its id; written by the Router only.</summary>
public sealed class Notification
{
    public required string TenantId { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required Guid NotificationId { get; init; }

    public required string Type { get; init; }

    public string? Category { get; init; }

    public required string Priority { get; init; }

    public required string Lane { get; init; }

    /// <summary>The request as it was received.</summary>
    public required byte[] Request { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The notification that had the same key first; this one's deliveries are skipped.</summary>
    public Guid? DuplicateOf { get; init; }

    public string? TraceParent { get; init; }

    public DateTimeOffset RoutedAt { get; init; }
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification
            .ToTable("notifications")
            .HasKey(n => new
            {
                n.TenantId,
                n.AcceptedAt,
                n.NotificationId,
            });
        notification.Property(n => n.TenantId).HasMaxLength(64);
    }
}
