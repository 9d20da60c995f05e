using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Notify.Core.Notifications;

namespace Notify.Core.Data;

/// <summary>A change of what somebody wants. Never changed, never removed by the services, and kept when the person is removed.</summary>
public sealed class ConsentEntry
{
    public required string TenantId { get; init; }

    /// <summary>A UUIDv7: the order of entries.</summary>
    public required Guid EntryId { get; init; }

    public required string RecipientId { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>By which door: <c>key</c>, with the key's id as <see cref="Actor"/>.</summary>
    public required string Via { get; init; }

    /// <summary>Who: the id of the key.</summary>
    public required string Actor { get; init; }

    /// <summary>The preferences before, a JSON object; null where there were none.</summary>
    public string? Before { get; init; }

    /// <summary>The preferences after, a JSON object; null where there are none.</summary>
    public string? After { get; init; }
}

internal sealed class ConsentEntryConfiguration : IEntityTypeConfiguration<ConsentEntry>
{
    public void Configure(EntityTypeBuilder<ConsentEntry> entry)
    {
        entry.ToTable("consent_log").HasKey(e => new { e.TenantId, e.EntryId });
        entry.Property(e => e.TenantId).HasMaxLength(64);
        entry.Property(e => e.RecipientId).HasMaxLength(NotificationLimits.RecipientIdLength);
        entry.Property(e => e.Via).HasMaxLength(16);
        entry.Property(e => e.Actor).HasMaxLength(64);
        entry.HasIndex(e => new
        {
            e.TenantId,
            e.RecipientId,
            e.EntryId,
        });
    }
}
