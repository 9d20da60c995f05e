namespace Notify.Api.Notifications;

/// <summary>One page of notifications, the newest first; <c>cursor</c> takes <see cref="Next"/>.</summary>
internal sealed record NotificationPage(IReadOnlyList<ListedNotification> Items, string? Next);

/// <summary>A notification in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Category">The tenant's own grouping.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="AcceptedAt">When the API took it.</param>
/// <param name="RoutedAt">When its deliveries were decided.</param>
/// <param name="ExpiresAt">When what is unsent expires.</param>
/// <param name="DuplicateOf">The notification that had the same key first.</param>
/// <param name="Deliveries">Where a recipient was asked for, the deliveries to it that the filter wants; absent otherwise.</param>
internal sealed record ListedNotification(
    Guid Id,
    string Type,
    string? Category,
    string Priority,
    string Lane,
    DateTimeOffset AcceptedAt,
    DateTimeOffset RoutedAt,
    DateTimeOffset ExpiresAt,
    Guid? DuplicateOf,
    IReadOnlyList<ListedDelivery>? Deliveries
);

/// <summary>A delivery in a list: without its address and its attempts, which <c>GET /v1/notifications/{id}</c> has.</summary>
internal sealed record ListedDelivery(
    Guid Id,
    string Channel,
    string State,
    string? Reason,
    DateTimeOffset? DueAt,
    string? Provider,
    string? Code,
    DateTimeOffset? SentAt,
    DateTimeOffset UpdatedAt
);
