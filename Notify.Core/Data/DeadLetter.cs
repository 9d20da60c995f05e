using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>A record that cannot be used, kept whole with its cause.</summary>
public sealed class DeadLetter
{
    public required string TenantId { get; init; }

    public required Guid DeadLetterId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required long RecordOffset { get; init; }

    public required byte[] RecordKey { get; init; }

    /// <summary>Header name → base64 of its bytes.</summary>
    public required string RecordHeaders { get; init; }

    public required byte[] RecordValue { get; init; }

    public required string Cause { get; init; }

    public string? Detail { get; init; }
}

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> letter)
    {
        letter.ToTable("dead_letters").HasKey(l => new { l.TenantId, l.DeadLetterId });
        letter.Property(l => l.RecordHeaders).HasColumnType("jsonb");
        letter.HasIndex(l => new { l.TenantId, l.CreatedAt });
    }
}
