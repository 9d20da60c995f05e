using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Notify.Core.Notifications;

namespace Notify.Core.Data;

/// <summary>An address of a tenant that is not to be written to. The address itself is not kept.</summary>
public sealed class Suppression
{
    public required string TenantId { get; init; }

    public required string Channel { get; init; }

    /// <summary><see cref="Suppressions.AddressHash"/> of the address.</summary>
    public required byte[] AddressHash { get; init; }

    /// <summary>What it holds for, in the words of <see cref="Suppressions.SuppressionScope"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>A UUIDv7: the order of the list.</summary>
    public required Guid SuppressionId { get; init; }

    /// <summary>Why: manual, import, bounce, complaint, opt_out.</summary>
    public required string Cause { get; init; }

    /// <summary>The delivery that led to it; null where somebody asked for it.</summary>
    public Guid? DeliveryId { get; init; }

    /// <summary>The id of the key that asked.</summary>
    public string? Actor { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it does not hold any more; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed class SuppressionConfiguration : IEntityTypeConfiguration<Suppression>
{
    public void Configure(EntityTypeBuilder<Suppression> suppression)
    {
        suppression
            .ToTable("suppressions")
            .HasKey(s => new
            {
                s.TenantId,
                s.Channel,
                s.AddressHash,
                s.Scope,
            });
        suppression.Property(s => s.TenantId).HasMaxLength(64);
        suppression.Property(s => s.Channel).HasMaxLength(16);
        suppression.Property(s => s.Scope).HasMaxLength(NotificationLimits.CategoryLength + 16);
        suppression.Property(s => s.Cause).HasMaxLength(16);
        suppression.Property(s => s.Actor).HasMaxLength(64);
        suppression.HasIndex(s => new { s.TenantId, s.SuppressionId }).IsUnique();
        suppression.HasOne<Tenant>().WithMany().HasForeignKey(s => s.TenantId);
    }
}
