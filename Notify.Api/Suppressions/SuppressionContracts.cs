namespace Notify.Api.Suppressions;

/// <summary>The body of <c>POST /v1/suppressions</c>.</summary>
internal sealed class SuppressionRequest
{
    public string? Channel { get; init; }

    /// <summary>The address itself; only a hash of it is kept.</summary>
    public string? Address { get; init; }

    /// <summary>all (default), marketing, or category: and a category's id.</summary>
    public string? Scope { get; init; }

    /// <summary>manual (default), import, bounce, complaint or opt_out.</summary>
    public string? Cause { get; init; }

    /// <summary>The delivery that led to it.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>From when on it does not hold any more; never when left out.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>An address that is not to be written to. The address is not shown: only its hash is kept.</summary>
internal sealed record SuppressionView(
    Guid Id,
    string Channel,
    string Scope,
    string Cause,
    Guid? DeliveryId,
    string? Actor,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt
)
{
    public static SuppressionView Of(Core.Data.Suppression row) =>
        new(row.SuppressionId, row.Channel, row.Scope, row.Cause, row.DeliveryId, row.Actor, row.CreatedAt, row.ExpiresAt);
}

/// <summary>One page of suppressions, the newest first; <c>after</c> takes <see cref="Next"/>.</summary>
internal sealed record SuppressionPage(IReadOnlyList<SuppressionView> Items, Guid? Next);
