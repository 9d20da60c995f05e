using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>Deliveries that were put on a lane in one statement, for as long as one of them may stand there.</summary>
public sealed class QueuedBatch
{
    public long BatchId { get; init; }

    public required string Channel { get; init; }

    public required string Lane { get; init; }

    /// <summary>The <see cref="Delivery.QueuedAt"/> of those that still belong to it.</summary>
    public required DateTimeOffset QueuedAt { get; init; }

    public required Guid[] DeliveryIds { get; init; }
}

internal sealed class QueuedBatchConfiguration : IEntityTypeConfiguration<QueuedBatch>
{
    public void Configure(EntityTypeBuilder<QueuedBatch> batch)
    {
        batch.ToTable("queued_batches").HasKey(b => b.BatchId);
        batch.Property(b => b.BatchId).UseIdentityAlwaysColumn();
    }
}
