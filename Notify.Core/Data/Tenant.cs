using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>The unit of isolation; every key, query and record carries its id.</summary>
public sealed class Tenant
{
    public required string TenantId { get; init; }

    /// <summary>A disabled tenant's notifications are recorded and skipped; its keys are refused.</summary>
    public bool Enabled { get; set; } = true;

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class TenantConfiguration : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> tenant)
    {
        tenant.ToTable("tenants").HasKey(t => t.TenantId);
        tenant.Property(t => t.TenantId).HasMaxLength(64);
    }
}
