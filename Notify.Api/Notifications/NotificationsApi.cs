using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Core.Validation;

namespace Notify.Api.Notifications;

/// <summary>Accepting notifications and seeing what became of them.</summary>
internal static class NotificationsApi
{
    // The Router needs a few milliseconds; who asks at once gets an answer rather than a 404.
    private static readonly TimeSpan RoutingWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RoutingPoll = TimeSpan.FromMilliseconds(50);

    // routing, for a cancellation to be kept for it; kept for a day longer
    private static readonly TimeSpan BehindAtMost = TimeSpan.FromDays(3);
    private static readonly TimeSpan ClocksApart = TimeSpan.FromHours(1);

    public static RouteGroupBuilder MapNotifications(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/notifications").WithTags("Notifications");
        // Found once, when the first request comes. A handler that asks for services makes each request a scope of them.
        var accept = new Lazy<AcceptApi>(routes.ServiceProvider.GetRequiredService<AcceptApi>);
        group
            .MapPost("/", (HttpContext http, CancellationToken cancellationToken) => accept.Value.AcceptAsync(http, cancellationToken))
            .RequireScope(Scopes.Send)
            .WithName("AcceptNotification")
            .WithSummary("Accept one notification")
            .WithDescription("202 once the broker has persisted it. With an Idempotency-Key a repeat within 24 hours gets the same answer.")
            .Accepts<NotificationRequest>("application/json")
            .Produces<AcceptedView>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 401, 403, 409, 413, 415, 422, 429, 503);
        group
            .MapPost("/batch", BatchApi.AcceptAsync)
            .RequireScope(Scopes.Send)
            .WithName("AcceptBatch")
            .WithSummary("Accept up to 1,000 notifications")
            .WithDescription("Each item is accepted or refused by itself; results come in the items' order. 202 when any was accepted.")
            .Accepts<BatchRequest>("application/json")
            .Produces<BatchView>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 401, 403, 409, 413, 415, 422, 429, 503);
        group
            .MapGet("/", NotificationListApi.ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListNotifications")
            .WithSummary("Notifications, the newest first")
            .WithDescription(
                "All of the tenant, or with recipient those to one registered recipient; then each entry has the deliveries to it. state and channel narrow a recipient's; without recipient they are refused, because there is no index of them. from and to are times of accepting."
            )
            .Produces<NotificationPage>()
            .ProducesProblems(422);
        group
            .MapGet("/{id}", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetNotification")
            .WithSummary("A notification with its deliveries and attempts")
            .Produces<NotificationView>()
            .ProducesProblems(401, 403, 404, 503);
        group
            .MapDelete("/{id}", CancelApi.CancelAsync)
            .RequireScope(Scopes.Send)
            .WithName("CancelNotification")
            .WithSummary("Cancel what has not been sent yet")
            .WithDescription(
                "Each delivery that waits or is queued becomes cancelled and is never sent; one that a provider is being asked about, or has, keeps its state. 200 says how many are cancelled now and how many a provider has; 409 where none is cancelled. 202 where the notification is not routed yet: it is cancelled when it is. Repeating the request changes nothing and gets the same answer."
            )
            .Produces<CancelledView>()
            .Produces<AcceptedView>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 401, 403, 404, 409, 503);
        return group;
    }

    /// <summary>The notification as it stands; a fresh one is waited for until it is routed.</summary>
    private static async Task<IResult> FindAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        PathId.TryRead(id, "notification", out var notification, out var problem)
            ? await WaitForAsync(notification, http, database, time, cancellationToken)
            : problem;

    private static async Task<IResult> WaitForAsync(
        Guid id,
        HttpContext http,
        NotifyDbContext database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var until =
            UuidV7.TryGetTime(id, out var acceptedAt) && acceptedAt > time.GetUtcNow() - RoutingWait
                ? time.GetUtcNow() + RoutingWait
                : DateTimeOffset.MinValue;
        while (true)
        {
            if (await ReadAsync(id, http.Caller().Tenant, database, cancellationToken) is { } notification)
                return Results.Json(notification, ApiJson.Answers.NotificationView);
            if (time.GetUtcNow() >= until)
                return NotFound(id, IsFresh(id, time));
            await Task.Delay(RoutingPoll, time, cancellationToken);
        }
    }

    /// <summary>Null where it is not the tenant's, or not routed yet.</summary>
    internal static async Task<NotificationView?> ReadAsync(
        Guid id,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (!UuidV7.TryGetTime(id, out var acceptedAt))
            return null;
        var notification = await database
            .Notifications.AsNoTracking()
            .SingleOrDefaultAsync(n => n.TenantId == tenant && n.AcceptedAt == acceptedAt && n.NotificationId == id, cancellationToken);
        if (notification is null)
            return null;
        var deliveries = await database
            .Deliveries.AsNoTracking()
            .OfNotification(tenant, id)
            .OrderBy(d => d.Channel)
            .ThenBy(d => d.DeliveryId)
            .ToListAsync(cancellationToken);
        return NotificationView.Of(notification, deliveries);
    }

    /// <summary>Whether it may have been accepted and not routed yet.</summary>
    internal static bool IsFresh(Guid id, TimeProvider time) =>
        UuidV7.TryGetTime(id, out var acceptedAt) && time.GetUtcNow() - acceptedAt is var age && age > -ClocksApart && age < BehindAtMost;

    internal static IResult NotFound(Guid id, bool fresh) =>
        Problem.NotFound(
            "notification",
            fresh
                ? $"{id} is not this tenant's, or it was accepted and waits to be routed: ask again in a moment."
                : $"{id} is not a notification of this tenant."
        );
}
