using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>
/// A delivery that gave up or was refused for what may be mended, or a record that cannot be used, kept with its cause, to be replayed.
/// </summary>
public sealed class DeadLetter
{
    /// <summary>Empty for a record that names no tenant there is.</summary>
    public required string TenantId { get; init; }

    public required Guid DeadLetterId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>record</c> or <c>delivery</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The same for letters that died in the same place of the same cause.</summary>
    public required string Fingerprint { get; init; }

    public string? Channel { get; init; }

    public string? Lane { get; init; }

    public string? Provider { get; init; }

    /// <summary>The provider's last word.</summary>
    public string? Code { get; init; }

    public string? Template { get; init; }

    public required string Cause { get; init; }

    public string? Detail { get; init; }

    public Guid? NotificationId { get; init; }

    public Guid? DeliveryId { get; init; }

    /// <summary>The delivery's partition.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>Calls that were made to providers.</summary>
    public int AttemptCount { get; init; }

    /// <summary>Whether a provider may have taken it: an answer was lost, or a claim ended without one.</summary>
    public bool Ambiguous { get; init; }

    /// <summary><c>open</c> or <c>replayed</c>.</summary>
    public required string State { get; init; }

    public Guid? LastReplayId { get; init; }

    public DateTimeOffset? ReplayedAt { get; init; }

    public string? Topic { get; init; }

    public int? Partition { get; init; }

    public long? RecordOffset { get; init; }

    public byte[]? RecordKey { get; init; }

    /// <summary>Header name → base64 of its bytes.</summary>
    public string? RecordHeaders { get; init; }

    public byte[]? RecordValue { get; init; }
}

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> letter)
    {
        letter.ToTable("dead_letters").HasKey(l => new { l.TenantId, l.DeadLetterId });
        letter.Property(l => l.RecordHeaders).HasColumnType("jsonb");
        // Each ends in what pages go by: everything of a tenant, what is open, one group.
        letter.HasIndex(l => new
        {
            l.TenantId,
            l.CreatedAt,
            l.DeadLetterId,
        });
        letter.HasIndex(l => new
        {
            l.TenantId,
            l.State,
            l.CreatedAt,
            l.DeadLetterId,
        });
        letter.HasIndex(l => new
        {
            l.TenantId,
            l.Fingerprint,
            l.CreatedAt,
            l.DeadLetterId,
        });
    }
}
