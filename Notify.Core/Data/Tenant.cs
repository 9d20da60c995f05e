using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>The unit of isolation; every key, query and record carries its id.</summary>
public sealed class Tenant
{
    public required string TenantId { get; init; }

    /// <summary>A disabled tenant's notifications are recorded and skipped; its keys are refused.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many deliveries the tenant gets released in its turn, beside the others of a lane; 1 to 100, 1 by default.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>The IANA zone of recipients whose own is not known; null until it is set.</summary>
    public string? TimeZone { get; set; }

    /// <summary>A JSON object of channels: true or false for people who have said nothing.</summary>
    public string? DefaultChannels { get; set; }

    /// <summary>Whether a notification may name only categories that exist.</summary>
    public bool StrictCategories { get; set; }

    /// <summary>Grows with each change of the settings above and of the tenant's categories.</summary>
    public long ConsentVersion { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> tenant)
    {
        tenant.ToTable("tenants").HasKey(t => t.TenantId);
        tenant.Property(t => t.TenantId).HasMaxLength(64);
        tenant.Property(t => t.Weight).HasDefaultValue(1);
        tenant.Property(t => t.TimeZone).HasMaxLength(64);
        tenant.Property(t => t.DefaultChannels).HasColumnType("jsonb");
        tenant.Property(t => t.StrictCategories).HasDefaultValue(false);
        tenant.Property(t => t.ConsentVersion).HasDefaultValue(0L);
    }
}
