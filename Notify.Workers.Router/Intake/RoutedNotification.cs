using Notify.Core.Routing;

namespace Notify.Workers.Router.Intake;

/// <summary>A notification with its decided deliveries, ready to be written.</summary>
internal sealed record RoutedNotification(
    IncomingNotification Incoming,
    IReadOnlyList<PlannedDelivery> Deliveries,
    Guid? DuplicateOf,
    bool AtMostOnce
);
