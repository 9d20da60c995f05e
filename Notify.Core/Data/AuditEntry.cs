using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>Something an operator did, or had done. Never changed, never removed by the services.</summary>
public sealed class AuditEntry
{
    public required string TenantId { get; init; }

    /// <summary>A UUIDv7: the order of entries.</summary>
    public required Guid AuditId { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The id of the key that asked.</summary>
    public required string Actor { get; init; }

    /// <summary>One of <see cref="Auditing.AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The id of what it was done to.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object: ids and reasons, no addresses and no contents.</summary>
    public string? Details { get; init; }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_log").HasKey(e => new { e.TenantId, e.AuditId });
        entry.Property(e => e.TenantId).HasMaxLength(64);
        entry.Property(e => e.At).HasDefaultValueSql("now()");
        entry.Property(e => e.Details).HasColumnType("jsonb");
        entry.HasIndex(e => new
        {
            e.TenantId,
            e.Subject,
            e.AuditId,
        });
    }
}
