using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary>From a delivery's id, which providers are given and show in their own logs, back to its notification.</summary>
internal static class DeliveriesApi
{
    public static void MapDeliveries(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/deliveries/{id}", FindAsync)
            .WithTags("Notifications")
            .RequireScope(Scopes.Read)
            .WithName("GetNotificationOfDelivery")
            .WithSummary("The notification that a delivery is a part of")
            .WithDescription(
                "Providers get the delivery's id (as notify-delivery-id, or in a mail's Message-ID) and show it in their logs."
            )
            .Produces<NotificationView>()
            .ProducesProblems(400, 401, 403, 404, 503);

    private static async Task<IResult> FindAsync(string id, HttpContext http, NotifyDbContext database, CancellationToken cancellationToken)
    {
        if (!PathId.TryRead(id, "delivery", out var delivery, out var problem))
            return problem;
        var tenant = http.Caller().Tenant;
        if (
            await database
                .Deliveries.AsNoTracking()
                .Where(d => d.TenantId == tenant && d.DeliveryId == delivery)
                .Select(d => (Guid?)d.NotificationId)
                .SingleOrDefaultAsync(cancellationToken)
                is { } found
            && await NotificationsApi.ReadAsync(found, tenant, database, cancellationToken) is { } notification
        )
            return Results.Json(notification, ApiJson.Answers.NotificationView);
        return Problem.NotFound("delivery", $"{delivery} is not a delivery of this tenant.");
    }
}
