using System.Diagnostics;
using System.Runtime.CompilerServices;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Tenants;
using Notify.Core.Validation;

namespace Notify.Workers.Router.Intake;

/// <summary>A record of <c>notifications.{lane}</c> that can be used.</summary>
internal sealed record IncomingNotification(ConsumedRecord Record, string Tenant, Guid Id, Lane Lane, NotificationRequest Request)
{
    private NotificationTerms? _terms;

    /// <summary>What is known of its tenant.</summary>
    public TenantEntry Owner { get; init; } = TenantEntry.Plain;

    /// <summary>What holds for it, its category included.</summary>
    public NotificationTerms Terms => _terms ??= NotificationTerms.Of(Request, Owner.CategoryOf(Request.Category));

    public DateTimeOffset AcceptedAt { get; } = UuidV7.TimeOf(Id);

    public DateTimeOffset ExpiresAt => AcceptedAt + Terms.TimeToLive;

    /// <summary>The trace it belongs to; null where the header is missing or no W3C trace context.</summary>
    public string? TraceParent { get; } =
        Record.Headers.Text(RecordHeaders.TraceParent) is { } text && ActivityContext.TryParse(text, null, out _) ? text : null;

    /// <summary>One is equal to itself alone: what is known of it grows while it is routed, and books are kept of it by then.</summary>
    public bool Equals(IncomingNotification? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The keys under which a second one would be a duplicate.</summary>
    public IEnumerable<string> DedupKeys()
    {
        if (
            Record.Headers.Text(RecordHeaders.IdempotencyKey) is { } idempotencyKey
            && NotificationValidator.IsKey(idempotencyKey, NotificationLimits.IdempotencyKeyLength + 8)
        )
            // K#0 of a batch under K is not a single one's K#0
            yield return (Record.Headers.Text(RecordHeaders.BatchItem) is null ? "i:" : "b:") + idempotencyKey;
        if (Request.DeduplicationKey is { } key)
            yield return "d:" + key;
    }
}
