using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>The wish to cancel a notification that was not routed when it was asked: whoever routes it finds it here.</summary>
public sealed class Cancellation
{
    public required string TenantId { get; init; }

    public required Guid NotificationId { get; init; }

    public DateTimeOffset AskedAt { get; init; }
}

internal sealed class CancellationConfiguration : IEntityTypeConfiguration<Cancellation>
{
    public void Configure(EntityTypeBuilder<Cancellation> cancellation)
    {
        cancellation.ToTable("cancellations").HasKey(c => new { c.TenantId, c.NotificationId });
        cancellation.Property(c => c.TenantId).HasMaxLength(64);
        cancellation.HasIndex(c => c.AskedAt);
    }
}
