using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Auditing;

/// <summary>The audit log, to read.</summary>
internal static class AuditApi
{
    private const string ListSql = """
        SELECT * FROM audit_log
         WHERE tenant_id = @tenant AND (@subject IS NULL OR subject = @subject) AND (@before IS NULL OR audit_id < @before)
         ORDER BY audit_id DESC LIMIT @limit
        """;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/audit", ListAsync)
            .WithTags("Audit")
            .RequireScope(Scopes.Manage)
            .WithName("ListAudit")
            .WithSummary("What was done, by which key, the newest first")
            .WithDescription(
                "subject narrows it to one dead letter or replay. limit is 1 to 200, 50 by default; after takes next of the page before. unassigned=true shows what was done to records that belong to no tenant, and needs the scope operate too."
            )
            .Produces<AuditPage>()
            .ProducesProblems(401, 403, 422, 503);
        return routes;
    }

    private static async Task<IResult> ListAsync(
        [FromQuery] string? subject,
        [FromQuery] string? limit,
        [FromQuery] string? after,
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, unassigned, out var owner, out var problem))
            return problem;
        var errors = new List<FieldError>();
        var count = PageCursor.Limit(limit, errors);
        var before = PageCursor.ParseId(after, errors);
        if (subject is not null && !StoredText.IsName(subject, 64))
            errors.Add(new("subject", "invalid", "The id of a dead letter or a replay."));
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var entries = await database
            .AuditLog.FromSqlRaw(
                ListSql,
                new NpgsqlParameter("tenant", owner.Tenant),
                new NpgsqlParameter("subject", NpgsqlDbType.Text) { Value = (object?)subject ?? DBNull.Value },
                new NpgsqlParameter("before", NpgsqlDbType.Uuid) { Value = (object?)before ?? DBNull.Value },
                new NpgsqlParameter("limit", count + 1)
            )
            .AsNoTracking()
            .OrderByDescending(entry => entry.AuditId)
            .ToListAsync(cancellationToken);
        var more = entries.Count > count;
        return Results.Json(
            new AuditPage([.. entries.Take(count).Select(AuditView.Of)], more ? entries[count - 1].AuditId : null),
            ApiJson.Answers.AuditPage
        );
    }
}
