using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Notifications;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.DeadLetters;

/// <summary>Dead letters: what gave up and what cannot be read, to look at and to replay.</summary>
internal static class DeadLettersApi
{
    private const int GroupBound = 10_000;

    private const string ListSql = $"""
        SELECT l.* FROM dead_letters l
         WHERE {DeadLetterFilter.Where}
           AND (@state IS NULL OR l.state = @state) AND (@before IS NULL OR (l.created_at, l.dead_letter_id) < (@before, @before_id))
         ORDER BY l.created_at DESC, l.dead_letter_id DESC LIMIT @limit
        """;

    // Bounded by the inner query, which reads one index from its newest end.
    private const string GroupSql = """
        SELECT fingerprint AS "Fingerprint", min(kind) AS "Kind", min(channel) AS "Channel", CASE WHEN min(kind) = 'record' THEN min(topic) END AS "Topic", min(provider) AS "Provider", min(code) AS "Code",
               min(cause) AS "Cause", min(template) AS "Template", count(*)::int AS "Count", (count(*) FILTER (WHERE ambiguous))::int AS "Ambiguous",
               min(created_at) AS "FirstAt", max(created_at) AS "LastAt", (array_agg(dead_letter_id ORDER BY created_at DESC, dead_letter_id DESC))[1] AS "Sample"
          FROM (SELECT fingerprint, kind, channel, topic, provider, code, cause, template, ambiguous, created_at, dead_letter_id FROM dead_letters
                 WHERE tenant_id = @tenant AND state = 'open' ORDER BY created_at DESC, dead_letter_id DESC LIMIT @bound) AS newest
         GROUP BY fingerprint ORDER BY count(*) DESC, max(created_at) DESC
        """;

    public static RouteGroupBuilder MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/dead-letters").WithTags("Dead letters");
        group
            .MapGet("/", ListAsync)
            .RequireScope(Scopes.Manage)
            .WithName("ListDeadLetters")
            .WithSummary("Dead letters, the newest first")
            .WithDescription(
                "Filters: kind, fingerprint, provider, code, channel, cause, from, to, state. limit is 1 to 200, 50 by default; after takes next of the page before. unassigned=true shows records that belong to no tenant, and needs the scope operate too."
            )
            .Produces<DeadLetterPage>()
            .ProducesProblems(401, 403, 422, 503);
        group
            .MapGet("/groups", GroupAsync)
            .RequireScope(Scopes.Manage)
            .WithName("GroupDeadLetters")
            .WithSummary("Open dead letters by fingerprint")
            .WithDescription($"Of the newest {GroupBound:N0} open letters; complete says whether these are all.")
            .Produces<DeadLetterGroupsView>()
            .ProducesProblems(401, 403, 422, 503);
        group
            .MapGet("/{id}", DeadLetterDetails.FindAsync)
            .RequireScope(Scopes.Manage)
            .WithName("GetDeadLetter")
            .WithSummary("A dead letter with its record or its attempts")
            .WithDescription(
                "Without addresses and contents. include=value adds a record's key, headers and value in base64; that is written to the audit log."
            )
            .Produces<DeadLetterView>()
            .ProducesProblems(401, 403, 404, 422, 503);
        group.MapReplays();
        return group;
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] DeadLetterQuery query,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, query.Unassigned, out var owner, out var problem))
            return problem;
        var errors = new List<FieldError>();
        var filter = DeadLetterRules.Filter(query, errors);
        var limit = PageCursor.Limit(query.Limit, errors);
        var after = PageCursor.Parse(query.After, errors);
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        NpgsqlParameter[] parameters =
        [
            .. filter.Parameters(owner.Tenant),
            new("state", NpgsqlDbType.Text) { Value = (object?)query.State ?? DBNull.Value },
            new("before", NpgsqlDbType.TimestampTz) { Value = (object?)after?.At ?? DBNull.Value },
            new("before_id", NpgsqlDbType.Uuid) { Value = (object?)after?.Id ?? DBNull.Value },
            new("limit", limit + 1), // one more, to know whether there is a next page
        ];
        var letters = await database
            .DeadLetters.FromSqlRaw(ListSql, parameters)
            .AsNoTracking()
            .OrderByDescending(letter => letter.CreatedAt)
            .ThenByDescending(letter => letter.DeadLetterId)
            .Select(DeadLetterView.FromLetter)
            .ToListAsync(cancellationToken);
        var more = letters.Count > limit;
        var page = more ? letters[..limit] : letters;
        return Results.Json(
            new DeadLetterPage(page, more ? new PageCursor(page[^1].CreatedAt, page[^1].Id).ToString() : null),
            ApiJson.Answers.DeadLetterPage
        );
    }

    private static async Task<IResult> GroupAsync(
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, unassigned, out var owner, out var problem))
            return problem;
        var groups = await database
            .Database.SqlQueryRaw<DeadLetterGroupView>(
                GroupSql,
                new NpgsqlParameter("tenant", owner.Tenant),
                new NpgsqlParameter("bound", GroupBound)
            )
            .ToListAsync(cancellationToken);
        var counted = groups.Sum(group => group.Count);
        return Results.Json(
            new DeadLetterGroupsView(groups, counted, GroupBound, counted < GroupBound),
            ApiJson.Answers.DeadLetterGroupsView
        );
    }
}
