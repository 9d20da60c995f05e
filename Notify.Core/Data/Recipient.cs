using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Notify.Core.Notifications;

namespace Notify.Core.Data;

/// <summary>A person, by the tenant's own id.</summary>
public sealed class Recipient
{
    public required string TenantId { get; init; }

    public required string RecipientId { get; init; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    /// <summary>A BCP 47 language tag.</summary>
    public string? Locale { get; set; }

    /// <summary>An IANA time zone id.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The tenant's own facts about the person, a JSON object.</summary>
    public string? Attributes { get; set; }

    /// <summary>What the person wants and does not want, in the one form of <see cref="Preferences.PersonPreferences"/>; null where they
    /// have said nothing. Text and not jsonb: the Router reads its bytes as they are.</summary>
    public string? Preferences { get; set; }

    /// <summary>Another with each change of the preferences, and never the same again, also of a recipient that was removed and made anew;
    /// zero where there was none.</summary>
    public long ConsentVersion { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class RecipientConfiguration : IEntityTypeConfiguration<Recipient>
{
    public void Configure(EntityTypeBuilder<Recipient> recipient)
    {
        recipient.ToTable("recipients").HasKey(r => new { r.TenantId, r.RecipientId });
        recipient.Property(r => r.TenantId).HasMaxLength(64);
        recipient.Property(r => r.RecipientId).HasMaxLength(NotificationLimits.RecipientIdLength);
        recipient.Property(r => r.Email).HasMaxLength(254);
        recipient.Property(r => r.Phone).HasMaxLength(16);
        recipient.Property(r => r.Locale).HasMaxLength(35);
        recipient.Property(r => r.TimeZone).HasMaxLength(64);
        recipient.Property(r => r.Attributes).HasColumnType("jsonb");
        recipient.Property(r => r.ConsentVersion).HasDefaultValue(0L);
        // Who has this address: GET /v1/recipients?email=…
        recipient.HasIndex(r => new { r.TenantId, r.Email }).HasFilter("email IS NOT NULL");
        recipient.HasIndex(r => new { r.TenantId, r.Phone }).HasFilter("phone IS NOT NULL");
    }
}
