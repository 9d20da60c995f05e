using Notify.Core.Deliveries;
using Notify.Core.Routing;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router;

/// <summary>Rows of deliveries that have just been decided.</summary>
internal static class OpenRows
{
    public static OpenDelivery Of(IncomingNotification notification, Candidate candidate) =>
        new(
            new(notification.Tenant, candidate.Id),
            notification.Id,
            candidate.Channel,
            notification.Lane,
            candidate.RecipientId,
            candidate.Address!,
            candidate.Device,
            Attempt: 0,
            notification.ExpiresAt
        );
}
