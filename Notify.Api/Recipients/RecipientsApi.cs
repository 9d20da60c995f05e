using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Notifications;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Routing;
using Npgsql;

namespace Notify.Api.Recipients;

/// <summary>Recipients: who they are and where they can be reached.</summary>
internal static class RecipientsApi
{
    private const int MaxBytes = 64 * 1024;

    public static RouteGroupBuilder MapRecipients(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/recipients").WithTags("Recipients");
        group
            .MapPut("/{id}", PutAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutRecipient")
            .WithSummary("Make or replace a recipient")
            .WithDescription(
                "The whole recipient: what is left out is removed. Devices stay. 201 where it is new, 200 where it was replaced."
            )
            .Accepts<RecipientRequest>("application/json")
            .Produces<RecipientView>()
            .Produces<RecipientView>(StatusCodes.Status201Created)
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);
        group
            .MapGet("/", RecipientListApi.ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListRecipients")
            .WithSummary("Recipients, in the order of their ids")
            .WithDescription("All of the tenant, or those with exactly this email or phone.")
            .Produces<RecipientPage>()
            .ProducesProblems(422);
        group
            .MapGet("/{id}", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetRecipient")
            .WithSummary("A recipient with its devices")
            .Produces<RecipientView>()
            .ProducesProblems(401, 403, 404, 503);
        group
            .MapGet("/{id}/notifications", NotificationListApi.ListOfRecipientAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListNotificationsOfRecipient")
            .WithSummary("What somebody was sent, the newest first")
            .WithDescription(
                "The notifications to one registered recipient, also after it was removed, with the deliveries to it that state and channel ask for. from and to are times of accepting."
            )
            .Produces<NotificationPage>()
            .ProducesProblems(422);
        group
            .MapDelete("/{id}", DeleteAsync)
            .RequireScope(Scopes.Manage)
            .WithName("DeleteRecipient")
            .WithSummary("Remove a recipient and its devices")
            .WithDescription(
                "What is queued or waits for them ends as skipped; what a worker has claimed goes out. Their preferences go with them; the log of these stays."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(401, 403, 404, 503);
        group.MapDevices();
        group.MapBulk();
        return group;
    }

    private static async Task<IResult> PutAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        ProfileCache profiles,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "A recipient", cancellationToken);
        if (body is null)
            return problem!;
        var (request, error) = RequestBody.Parse(body, ApiJson.Strict.RecipientRequest);
        if (request is null)
            return Problem.Malformed(
                error!.Rule == "invalid" && error.Field.StartsWith("attributes.", StringComparison.Ordinal)
                    ? error with
                    {
                        Field = "attributes",
                    }
                    : error
            );
        if (RecipientValidator.Validate(id, request) is { Count: > 0 } errors)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var now = time.GetUtcNow();
        bool made;
        try
        {
            made = await WriteAsync(database, tenant, id, request, now, cancellationToken);
        }
        // data exceptions: JSON that jsonb cannot hold
        catch (PostgresException refused) when (refused.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            return Problem.Invalid([
                new("attributes", "invalid", "The database cannot keep this JSON: half of a surrogate pair, or a number beyond its range."),
            ]);
        }
        await profiles.InvalidateAsync(tenant, id);
        var view = await ReadAsync(database, tenant, id, cancellationToken);
        if (view is null)
            return NotFound(id);
        if (made)
            http.Response.Headers.Location = PathOf(id);
        return Results.Json(view, ApiJson.Answers.RecipientView, statusCode: made ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>Whether the recipient is new. One statement, so that two writers at once both succeed; xmax is zero on a row that was
    /// inserted.</summary>
    private static async Task<bool> WriteAsync(
        NotifyDbContext database,
        string tenant,
        string id,
        RecipientRequest request,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        (
            await database
                .Database.SqlQuery<bool>(
                    $"""
                    INSERT INTO recipients (tenant_id, recipient_id, email, phone, locale, time_zone, attributes, created_at, updated_at)
                    VALUES ({tenant}, {id}, {request.Email}, {request.Phone}, {request.Locale}, {RecipientValidator.ZoneOf(
                        request.TimeZone
                    )}, {request.Attributes?.GetRawText()}::jsonb, {now}, {now})
                    ON CONFLICT (tenant_id, recipient_id) DO UPDATE
                       SET email = excluded.email, phone = excluded.phone, locale = excluded.locale, time_zone = excluded.time_zone, attributes = excluded.attributes, updated_at = excluded.updated_at
                    RETURNING (xmax = 0) AS "Value"
                    """
                )
                .ToListAsync(cancellationToken)
        )[0];

    private static async Task<IResult> FindAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(database, http.Caller().Tenant, id, cancellationToken) is { } view
            ? Results.Json(view, ApiJson.Answers.RecipientView)
            : NotFound(id);

    private static async Task<IResult> DeleteAsync(
        string id,
        HttpContext http,
        NotifyDbContext database,
        NpgsqlDataSource rows,
        ProfileCache profiles,
        CancellationToken cancellationToken
    )
    {
        var tenant = http.Caller().Tenant;
        var deleted = await database
            .Recipients.Where(recipient => recipient.TenantId == tenant && recipient.RecipientId == id)
            .ExecuteDeleteAsync(cancellationToken);
        if (deleted > 0)
            await ReconsiderRows.OfRecipientAsync(rows, tenant, id, cancellationToken);
        await profiles.InvalidateAsync(tenant, id);
        return deleted == 0 ? NotFound(id) : Results.NoContent();
    }

    private static async Task<RecipientView?> ReadAsync(
        NotifyDbContext database,
        string tenant,
        string id,
        CancellationToken cancellationToken
    )
    {
        var recipient = await database
            .Recipients.AsNoTracking()
            .SingleOrDefaultAsync(r => r.TenantId == tenant && r.RecipientId == id, cancellationToken);
        if (recipient is null)
            return null;
        var devices = await database
            .Devices.AsNoTracking()
            .Where(d => d.TenantId == tenant && d.RecipientId == id)
            .OrderBy(d => d.DeviceId)
            .ToListAsync(cancellationToken);
        return RecipientView.Of(recipient, devices);
    }

    internal static IResult NotFound(string id) =>
        Problem.NotFound("recipient", $"This tenant has no recipient {id}; make it with PUT {PathOf(id)}.");

    internal static string PathOf(string id) => "/v1/recipients/" + Uri.EscapeDataString(id);
}
