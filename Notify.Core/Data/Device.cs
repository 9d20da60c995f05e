using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Notify.Core.Notifications;

namespace Notify.Core.Data;

/// <summary>One push token of one recipient. A token belongs to whoever registered it last.</summary>
public sealed class Device
{
    public const string Active = "active";
    public const string Disabled = "disabled";

    public required string TenantId { get; init; }

    public required string RecipientId { get; init; }

    public required string DeviceId { get; init; }

    public required string Platform { get; set; }

    public string? App { get; set; }

    public required string Environment { get; set; }

    public required string Token { get; set; }

    /// <summary>SHA-256 of the token: what makes it unique in its tenant, whatever its length.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>The IANA zone that it is in; null where it is not known.</summary>
    public string? TimeZone { get; set; }

    public DateTimeOffset RegisteredAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public required string State { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The provider's code that disabled it.</summary>
    public string? DisabledReason { get; set; }
}

internal sealed class DeviceConfiguration : IEntityTypeConfiguration<Device>
{
    public void Configure(EntityTypeBuilder<Device> device)
    {
        device
            .ToTable("devices")
            .HasKey(d => new
            {
                d.TenantId,
                d.RecipientId,
                d.DeviceId,
            });
        device.Property(d => d.TenantId).HasMaxLength(64);
        device.Property(d => d.RecipientId).HasMaxLength(NotificationLimits.RecipientIdLength);
        device.Property(d => d.DeviceId).HasMaxLength(NotificationLimits.RecipientIdLength);
        device.Property(d => d.Platform).HasMaxLength(16);
        device.Property(d => d.App).HasMaxLength(256);
        device.Property(d => d.Environment).HasMaxLength(16);
        device.Property(d => d.Token).HasMaxLength(NotificationLimits.TokenLength);
        device.Property(d => d.TimeZone).HasMaxLength(64);
        device.Property(d => d.State).HasMaxLength(16);
        device
            .HasIndex(d => new
            {
                d.TenantId,
                d.Platform,
                d.TokenHash,
            })
            .IsUnique();
        device.HasOne<Recipient>().WithMany().HasForeignKey(d => new { d.TenantId, d.RecipientId }).OnDelete(DeleteBehavior.Cascade);
    }
}
