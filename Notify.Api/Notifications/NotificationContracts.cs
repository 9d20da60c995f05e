using System.Diagnostics;
using Notify.Api.Problems;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;

namespace Notify.Api.Notifications;

/// <summary>The answer to an accepted notification.</summary>
internal sealed record AcceptedView(Guid Id);

/// <summary>The answer to a batch: one result an item, in their order.</summary>
internal sealed record BatchView(int Accepted, int Refused, IReadOnlyList<BatchItemView> Results);

/// <summary>One item's result: an id, or a problem.</summary>
internal sealed record BatchItemView(int Index, int Status, Guid? Id = null, ProblemView? Problem = null);

/// <summary>The body of <c>POST /v1/notifications/batch</c>, for the API's description; it is read item by item.</summary>
internal sealed record BatchRequest(IReadOnlyList<Core.Notifications.NotificationRequest> Notifications);

/// <summary>What became of a notification that was to be cancelled.</summary>
/// <param name="Cancelled">Deliveries that are cancelled and will never be sent.</param>
/// <param name="AlreadySent">Deliveries that a provider has, may have, or is being asked to take.</param>
internal sealed record CancelledView(int Cancelled, int AlreadySent);

/// <summary>A notification with everything that became of it.</summary>
internal sealed record NotificationView(
    Guid Id,
    string Type,
    string? Category,
    string Priority,
    string Lane,
    DateTimeOffset AcceptedAt,
    DateTimeOffset RoutedAt,
    DateTimeOffset ExpiresAt,
    Guid? DuplicateOf,
    string? TraceId,
    IReadOnlyList<DeliveryView> Deliveries
)
{
    public static NotificationView Of(Notification notification, IEnumerable<Delivery> deliveries) =>
        new(
            notification.NotificationId,
            notification.Type,
            notification.Category,
            notification.Priority,
            notification.Lane,
            notification.AcceptedAt,
            notification.RoutedAt,
            notification.ExpiresAt,
            notification.DuplicateOf,
            TraceOf(notification.TraceParent),
            [.. deliveries.Select(DeliveryView.Of)]
        );

    private static string? TraceOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var context) ? context.TraceId.ToHexString() : null;
}

/// <summary>One delivery.</summary>
internal sealed record DeliveryView(
    Guid Id,
    string Channel,
    string? RecipientId,
    string? Address,
    string State,
    string? Reason,
    DateTimeOffset? DueAt,
    string? Provider,
    string? ProviderMessageId,
    string? Code,
    int? Segments,
    DateTimeOffset? SentAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<AttemptRecord> Attempts
)
{
    public static DeliveryView Of(Delivery delivery) =>
        new(
            delivery.DeliveryId,
            delivery.Channel,
            delivery.RecipientId,
            Shown(delivery),
            delivery.State,
            delivery.Reason,
            delivery.State == DeliveryState.Waiting.ToName() ? delivery.DueAt : null,
            delivery.Provider,
            delivery.ProviderMessageId,
            delivery.Code,
            delivery.Segments,
            delivery.SentAt,
            delivery.UpdatedAt,
            AttemptRecord.AllOf(delivery)
        );

    private static string? Shown(Delivery delivery) =>
        delivery.Address is { } address && ChannelDefinition.Named(delivery.Channel) is { } channel
            ? channel.Shown(address)
            : delivery.Address;
}
