using System.Text.Json;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Api.Recipients;
using Notify.Core.Notifications;
using Notify.Core.Suppressions;

namespace Notify.Api.Suppressions;

/// <summary><c>POST /v1/suppressions/bulk</c>: up to 10,000 suppressions, a line each, such as another system's list.</summary>
internal static class SuppressionImport
{
    private const int MaxLines = 10_000;
    private const int MaxLineBytes = 16 * 1024;

    public static void MapImport(this IEndpointRouteBuilder suppressions) =>
        suppressions
            .MapPost("/bulk", ImportAsync)
            .RequireScope(Scopes.Manage)
            .WithName("AddSuppressions")
            .WithSummary("Never write to up to 10,000 addresses again")
            .WithDescription(
                "A suppression on each line (application/x-ndjson), as POST /v1/suppressions takes it; import is the cause where it is left out. Each line is answered by one: 201, 200 where it was there, or what is wrong with it; a wrong line keeps no other out."
            )
            .Accepts<SuppressionRequest>(NdjsonLines.MediaType)
            .Produces<BulkResult>(StatusCodes.Status200OK, NdjsonLines.MediaType)
            .ProducesProblems(401, 403, 415, 503);

    private static async Task<IResult> ImportAsync(
        HttpContext http,
        SuppressionStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!NdjsonLines.IsDeclared(http.Request))
            return Problem.NotLines();
        http.Response.ContentType = NdjsonLines.MediaType;
        var (caller, lines) = (http.Caller(), 0);
        await foreach (var line in NdjsonLines.ReadAsync(http.Request.BodyReader, MaxLineBytes, cancellationToken))
        {
            if (++lines > MaxLines)
            {
                var error = new FieldError("", "too_many", $"At most {MaxLines:N0} lines; this one and those behind it were not read.");
                await AnswerAsync(http, new(line.Number, StatusCodes.Status413PayloadTooLarge, Errors: [error]), cancellationToken);
                break;
            }
            await AnswerAsync(http, await AddAsync(caller, line, store, time.GetUtcNow(), cancellationToken), cancellationToken);
        }
        return Results.Empty;
    }

    private static async Task<BulkResult> AddAsync(
        Caller caller,
        NdjsonLine line,
        SuppressionStore store,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (line.Bytes is not { } bytes)
            return Refused(
                StatusCodes.Status413PayloadTooLarge,
                new FieldError("", "too_large", $"At most {MaxLineBytes:N0} bytes a line.")
            );
        if (!NdjsonLines.IsText(bytes))
            return Refused(StatusCodes.Status400BadRequest, new FieldError("", "malformed", "The line is not valid UTF-8."));
        var (request, error) = RequestBody.Parse(bytes, ApiJson.Strict.SuppressionRequest);
        if (request is null)
            return Refused(StatusCodes.Status400BadRequest, error!);
        var (added, errors) = SuppressionsApi.Read(request, now, SuppressionCauses.Import);
        if (added is null)
            return Refused(StatusCodes.Status422UnprocessableEntity, [.. errors]);
        var (row, made) = await store.AddAsync(caller, added, cancellationToken);
        return new(line.Number, made ? StatusCodes.Status201Created : StatusCodes.Status200OK, row.SuppressionId.ToString());

        BulkResult Refused(int status, params FieldError[] wrong) => new(line.Number, status, Errors: wrong);
    }

    private static async Task AnswerAsync(HttpContext http, BulkResult result, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(http.Response.Body, result, ApiJson.Answers.BulkResult, cancellationToken);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
