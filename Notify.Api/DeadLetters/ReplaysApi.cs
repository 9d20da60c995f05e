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

/// <summary>Replays of dead letters: ordered here, carried out by the Router.</summary>
internal static class ReplaysApi
{
    private const int MaxBytes = 128 * 1024;

    private const string ListSql = """
        SELECT * FROM replays WHERE tenant_id = @tenant AND (@before IS NULL OR replay_id < @before) ORDER BY replay_id DESC LIMIT @limit
        """;

    public static void MapReplays(this IEndpointRouteBuilder letters)
    {
        letters
            .MapPost("/replays", AddAsync)
            .RequireScope(Scopes.Manage)
            .WithName("ReplayDeadLetters")
            .WithSummary("Replay dead letters")
            .WithDescription(
                "One letter, several, a group or what a filter finds, as they stand now, at a chosen rate. A letter is released once, however often it is asked for; a delivery that a provider may have taken is left unless includeAmbiguous says otherwise."
            )
            .Accepts<ReplayRequest>("application/json")
            .Produces<ReplayView>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);
        letters
            .MapGet("/replays", ListAsync)
            .RequireScope(Scopes.Manage)
            .WithName("ListReplays")
            .WithSummary("Replays, the newest first")
            .WithDescription("limit is 1 to 200, 50 by default; after takes next of the page before.")
            .Produces<ReplayPage>()
            .ProducesProblems(401, 403, 422, 503);
        letters
            .MapGet("/replays/{id}", FindAsync)
            .RequireScope(Scopes.Manage)
            .WithName("GetReplay")
            .WithSummary("A replay and how far it is")
            .Produces<ReplayView>()
            .ProducesProblems(401, 403, 404, 422, 503);
        letters
            .MapPost("/replays/{id}/stop", StopAsync)
            .RequireScope(Scopes.Manage)
            .WithName("StopReplay")
            .WithSummary("Stop a replay")
            .WithDescription("Once this is answered it releases nothing more. Repeating it changes nothing; one that is done stays done.")
            .Produces<ReplayView>()
            .ProducesProblems(401, 403, 404, 422, 503);
        letters
            .MapPost("/replays/{id}/resume", ResumeAsync)
            .RequireScope(Scopes.Manage)
            .WithName("ResumeReplay")
            .WithSummary("Resume a stopped replay where it stood")
            .WithDescription("Repeating it changes nothing; one that is done stays done.")
            .Produces<ReplayView>()
            .ProducesProblems(401, 403, 404, 422, 503);
    }

    private static async Task<IResult> AddAsync(
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        ReplayStore replays,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, unassigned, out var owner, out var problem))
            return problem;
        var (body, unread) = await RequestBody.ReadAsync(http.Request, MaxBytes, "A replay", cancellationToken);
        if (body is null)
            return unread!;
        var (request, error) = RequestBody.Parse(body, ApiJson.Strict.ReplayRequest);
        if (request is null)
            return Problem.Malformed(error!);
        if (DeadLetterRules.Check(request) is { Count: > 0 } errors)
            return Problem.Invalid(errors);
        if (request.Ids is not null && await replays.UnknownAsync(owner, request.Ids, cancellationToken) is { Count: > 0 } unknown)
            return Problem.Invalid([
                .. unknown
                    .Take(20)
                    .Select(id => new FieldError(
                        $"ids[{request.Ids.ToList().IndexOf(id)}]",
                        "unknown",
                        "This is not a dead letter of the tenant."
                    )),
            ]);
        var id = await replays.AddAsync(owner, request, cancellationToken);
        http.Response.Headers.Location = $"/v1/dead-letters/replays/{id}";
        return await ShowAsync(id, owner, database, StatusCodes.Status202Accepted, cancellationToken);
    }

    private static async Task<IResult> ListAsync(
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
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var replays = await database
            .Replays.FromSqlRaw(
                ListSql,
                new NpgsqlParameter("tenant", owner.Tenant),
                new NpgsqlParameter("before", NpgsqlDbType.Uuid) { Value = (object?)before ?? DBNull.Value },
                new NpgsqlParameter("limit", count + 1)
            )
            .AsNoTracking()
            .OrderByDescending(replay => replay.ReplayId)
            .ToListAsync(cancellationToken);
        var more = replays.Count > count;
        return Results.Json(
            new ReplayPage([.. replays.Take(count).Select(ReplayView.Of)], more ? replays[count - 1].ReplayId : null),
            ApiJson.Answers.ReplayPage
        );
    }

    private static async Task<IResult> FindAsync(
        string id,
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    ) =>
        Owner.TryFind(http, unassigned, out var owner, out var problem) && PathId.TryRead(id, "replay", out var replay, out problem)
            ? await ShowAsync(replay, owner, database, StatusCodes.Status200OK, cancellationToken)
            : problem;

    private static Task<IResult> StopAsync(
        string id,
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        ReplayStore replays,
        CancellationToken cancellationToken
    ) => ChangeAsync(id, ReplayChange.Stop, unassigned, http, database, replays, cancellationToken);

    private static Task<IResult> ResumeAsync(
        string id,
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        ReplayStore replays,
        CancellationToken cancellationToken
    ) => ChangeAsync(id, ReplayChange.Resume, unassigned, http, database, replays, cancellationToken);

    private static async Task<IResult> ChangeAsync(
        string text,
        ReplayChange change,
        string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        ReplayStore replays,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, unassigned, out var owner, out var problem) || !PathId.TryRead(text, "replay", out var id, out problem))
            return problem;
        await replays.ChangeAsync(owner, id, change, cancellationToken);
        return await ShowAsync(id, owner, database, StatusCodes.Status200OK, cancellationToken);
    }

    private static async Task<IResult> ShowAsync(
        Guid id,
        Owner owner,
        NotifyDbContext database,
        int status,
        CancellationToken cancellationToken
    ) =>
        await database.Replays.AsNoTracking().SingleOrDefaultAsync(r => r.TenantId == owner.Tenant && r.ReplayId == id, cancellationToken)
            is { } replay
            ? Results.Json(ReplayView.Of(replay), ApiJson.Answers.ReplayView, statusCode: status)
            : Problem.NotFound("replay", $"{id} is not a replay of this tenant.");
}
