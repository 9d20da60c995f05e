using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Notifications;

/// <summary><c>GET /v1/notifications</c>: a tenant's notifications or those to one recipient, the newest first. See
/// docs/decisions/0007-lists-read-an-index.md.</summary>
internal static class NotificationListApi
{
    public static async Task<IResult> ListAsync(
        [AsParameters] NotificationQuery query,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (query.Unindexed() is { Count: > 0 } unindexed)
            return Problem.InvalidQuery(unindexed);
        var errors = new List<FieldError>();
        return await ListAsync(query.Read(errors), errors, http, database, cancellationToken);
    }

    /// <summary><c>GET /v1/recipients/{id}/notifications</c>. Of a recipient that is not there, or not any more, it has what there
    /// is.</summary>
    public static Task<IResult> ListOfRecipientAsync(
        string id,
        [AsParameters] RecipientNotificationQuery query,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        return ListAsync(query.Read(id, errors), errors, http, database, cancellationToken);
    }

    private static async Task<IResult> ListAsync(
        NotificationFilter filter,
        List<FieldError> errors,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var page = filter.Recipient is null
            ? await NotificationPages.AllAsync(filter, tenant, database, cancellationToken)
            : await NotificationPages.OfRecipientAsync(filter, tenant, database, cancellationToken);
        return Results.Json(page, ApiJson.Answers.NotificationPage);
    }
}
