using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Notifications;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Decisions;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Api.Decisions;

/// <summary>Why a message went out, waits, or never will.</summary>
internal static class ExplainApi
{
    public static void MapExplain(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/v1/notifications/{id}/explain", ExplainAsync)
            .WithTags("Consent")
            .RequireScope(Scopes.Read)
            .WithName("ExplainNotification")
            .WithSummary("Why a notification's deliveries are as they are")
            .WithDescription(
                "For each delivery the gates that did not simply let it through when it was last decided. rulesVersion is missing where it was decided before that was kept."
            )
            .Produces<ExplainView>()
            .ProducesProblems(401, 403, 404, 503);

    private static async Task<IResult> ExplainAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!PathId.TryRead(id, "notification", out var notification, out var problem))
            return problem;
        var tenant = http.Caller().Tenant;
        var deliveries = UuidV7.TryGetTime(notification, out _)
            ? await database
                .Deliveries.AsNoTracking()
                .OfNotification(tenant, notification)
                .OrderBy(row => row.DeliveryId)
                .ToListAsync(cancellationToken)
            : [];
        return deliveries.Count == 0
            ? NotificationsApi.NotFound(notification, NotificationsApi.IsFresh(notification, time))
            : Results.Json(new ExplainView(notification, [.. deliveries.Select(Explain)]), ApiJson.Answers.ExplainView);
    }

    private static ExplainedDelivery Explain(Delivery row)
    {
        var trace = DecisionTrace.TryDecode(row.Decision, out var kept) ? kept : null;
        return new(
            row.DeliveryId,
            row.Channel,
            row.RecipientId,
            row.State,
            row.Reason,
            row.State == DeliveryStates.ToName(DeliveryState.Waiting) ? row.DueAt : null,
            trace?.RulesVersion,
            trace is null ? [] : [.. trace.Gates.Select(GateView.Of)]
        );
    }
}
