using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>How far the consumers of one partition have come: every record produced up to that time has been dealt with. Never moves
/// back.</summary>
public sealed class LanePosition
{
    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required DateTimeOffset PassedAt { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }
}

internal sealed class LanePositionConfiguration : IEntityTypeConfiguration<LanePosition>
{
    public void Configure(EntityTypeBuilder<LanePosition> position) =>
        position.ToTable("lane_positions").HasKey(p => new { p.Topic, p.Partition });
}
