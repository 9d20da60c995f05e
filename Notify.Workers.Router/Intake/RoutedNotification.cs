using Notify.Core.Decisions;
using Notify.Core.Routing;

namespace Notify.Workers.Router.Intake;

/// <summary>A notification with its decided deliveries, ready to be written.</summary>
internal sealed record RoutedNotification(
    IncomingNotification Incoming,
    IReadOnlyList<DecidedDelivery> Deliveries,
    Guid? DuplicateOf,
    bool AtMostOnce
);

/// <summary>A delivery, what is to become of it, and why, as its row keeps it.</summary>
internal readonly record struct DecidedDelivery(Candidate Candidate, Decision Decision, string Trace);
