using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Notify.Core.Notifications;

namespace Notify.Core.Data;

/// <summary>A category as it is kept: <see cref="Preferences.Category"/> is what it means.</summary>
public sealed class KeptCategory
{
    public required string TenantId { get; init; }

    public required string CategoryId { get; init; }

    /// <summary>A JSON object: the body of <c>PUT /v1/categories/{id}</c> with every default written out.</summary>
    public required string Definition { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class KeptCategoryConfiguration : IEntityTypeConfiguration<KeptCategory>
{
    public void Configure(EntityTypeBuilder<KeptCategory> category)
    {
        category.ToTable("categories").HasKey(c => new { c.TenantId, c.CategoryId });
        category.Property(c => c.TenantId).HasMaxLength(64);
        category.Property(c => c.CategoryId).HasMaxLength(NotificationLimits.CategoryLength);
        category.Property(c => c.Definition).HasColumnType("jsonb");
        category.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId);
    }
}
