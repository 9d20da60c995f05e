using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>Deliveries that a worker claimed together. The claim is renewed while one of them is being sent, and removed when none
/// is.</summary>
public sealed class HeldClaim
{
    public required Guid ClaimId { get; init; }

    /// <summary>When the deliveries count as abandoned that are still being sent.</summary>
    public required DateTimeOffset LapsesAt { get; init; }

    public required Guid[] DeliveryIds { get; init; }
}

internal sealed class HeldClaimConfiguration : IEntityTypeConfiguration<HeldClaim>
{
    public void Configure(EntityTypeBuilder<HeldClaim> claim) => claim.ToTable("claims").HasKey(c => c.ClaimId);
}
