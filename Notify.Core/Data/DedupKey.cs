using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>Which notification had a key first. Not partitioned: the backstop behind Redis has to see all of them.</summary>
public sealed class DedupKey
{
    public required string TenantId { get; init; }

    public required string Key { get; init; }

    public required Guid NotificationId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class DedupKeyConfiguration : IEntityTypeConfiguration<DedupKey>
{
    public void Configure(EntityTypeBuilder<DedupKey> key)
    {
        key.ToTable("dedup_keys").HasKey(k => new { k.TenantId, k.Key });
        key.Property(k => k.TenantId).HasMaxLength(64);
        key.Property(k => k.Key).HasMaxLength(280);
        key.HasIndex(k => k.CreatedAt);
    }
}
