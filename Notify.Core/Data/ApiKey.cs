using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>A key as it is kept: its SHA-256, never itself. The key has 256 random bits, so a plain hash is enough.</summary>
public sealed class ApiKey
{
    public required string TenantId { get; init; }

    /// <summary>What operators name it by; not a secret.</summary>
    public required string KeyId { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>Any of send, read, manage, operate.</summary>
    public required string[] Scopes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys").HasKey(k => new { k.TenantId, k.KeyId });
        key.Property(k => k.TenantId).HasMaxLength(64);
        key.Property(k => k.KeyId).HasMaxLength(64);
        key.HasIndex(k => k.Hash).IsUnique();
        key.HasOne<Tenant>().WithMany().HasForeignKey(k => k.TenantId);
    }
}
