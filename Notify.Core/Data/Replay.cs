using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>An order to replay dead letters, and how far it is.</summary>
public sealed class Replay
{
    public required string TenantId { get; init; }

    public required Guid ReplayId { get; init; }

    /// <summary>By the database's clock: letters that come later are not part of it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The key that asked.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Which letters, as JSON.</summary>
    public required string Selection { get; init; }

    /// <summary>Letters a second, 1 to 10,000.</summary>
    public required int RatePerSecond { get; init; }

    /// <summary>Whether deliveries that a provider may have taken are sent again too.</summary>
    public bool IncludeAmbiguous { get; init; }

    /// <summary><c>running</c>, <c>stopped</c> or <c>done</c>.</summary>
    public required string State { get; init; }

    /// <summary>Letters reached so far: <see cref="Replayed"/> and <see cref="Skipped"/> together.</summary>
    public long Matched { get; init; }

    public long Replayed { get; init; }

    public long Skipped { get; init; }

    /// <summary>When the next letters may go. On the row, so that any number of routers keep one rate.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>The last letter that was reached: its time …</summary>
    public DateTimeOffset? CursorAt { get; init; }

    /// <summary>… and its id.</summary>
    public Guid? CursorId { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

internal sealed class ReplayConfiguration : IEntityTypeConfiguration<Replay>
{
    public void Configure(EntityTypeBuilder<Replay> replay)
    {
        replay.ToTable("replays").HasKey(r => new { r.TenantId, r.ReplayId });
        replay.Property(r => r.TenantId).HasMaxLength(64);
        replay.Property(r => r.CreatedAt).HasDefaultValueSql("now()");
        replay.Property(r => r.Selection).HasColumnType("jsonb");
        replay.HasIndex(r => r.NextAt).HasFilter("state = 'running'");
    }
}
