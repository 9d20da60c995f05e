using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Notify.Core.Data;

/// <summary>What one worker process last said of one provider credential. A report that is older than a few intervals counts for
/// nothing.</summary>
public sealed class ProviderStatus
{
    public required string Channel { get; init; }

    public required string Provider { get; init; }

    public required string Credential { get; init; }

    /// <summary>The process that reports.</summary>
    public required string Instance { get; init; }

    /// <summary><c>closed</c>, <c>partial</c>, <c>half_open</c>, <c>open</c> or <c>throttled</c>.</summary>
    public required string State { get; init; }

    /// <summary>The outcome and code that opened it.</summary>
    public string? Cause { get; init; }

    /// <summary>When the state began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether nothing of this channel can be sent by this process at all.</summary>
    public required bool ChannelPaused { get; init; }

    public required DateTimeOffset ReportedAt { get; init; }
}

internal sealed class ProviderStatusConfiguration : IEntityTypeConfiguration<ProviderStatus>
{
    public void Configure(EntityTypeBuilder<ProviderStatus> status) =>
        status
            .ToTable("provider_statuses")
            .HasKey(s => new
            {
                s.Channel,
                s.Provider,
                s.Credential,
                s.Instance,
            });
}
