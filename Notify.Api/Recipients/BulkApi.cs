using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Npgsql;

namespace Notify.Api.Recipients;

/// <summary><c>POST /v1/recipients/bulk</c>: up to 10,000 recipients, a line each, written while they arrive.</summary>
internal static class BulkRoute
{
    public static void MapBulk(this IEndpointRouteBuilder recipients) =>
        recipients
            .MapPost("/bulk", BulkApi.PutAllAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutRecipients")
            .WithSummary("Make or replace up to 10,000 recipients")
            .WithDescription(
                "A recipient with its id on each line (application/x-ndjson), at most 64 KB a line and 64 MB in all. They are written while they arrive, and each line is answered by one: 201, 200, or what is wrong with it; a wrong line keeps no other from being written."
            )
            .Accepts<BulkRecipient>(NdjsonLines.MediaType)
            .Produces<BulkResult>(StatusCodes.Status200OK, NdjsonLines.MediaType)
            .ProducesProblems(401, 403, 413, 415, 503);
}

/// <summary>Reads, writes and answers the lines.</summary>
internal sealed class BulkApi(NpgsqlDataSource database, ProfileCache profiles, TimeProvider time)
{
    private const int MaxLines = 10_000;
    private const int MaxLineBytes = 64 * 1024;
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int Together = 200; // written by one statement

    public static async Task<IResult> PutAllAsync(HttpContext http, BulkApi api, CancellationToken cancellationToken)
    {
        if (!NdjsonLines.IsDeclared(http.Request))
            return Problem.NotLines();
        if (http.Request.ContentLength > MaxBytes)
            return Problem.TooLarge("", MaxBytes, "Recipients in bulk");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBytes;
        http.Response.ContentType = NdjsonLines.MediaType;
        await api.WriteAllAsync(http, cancellationToken);
        return Results.Empty;
    }

    private async Task WriteAllAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var tenant = http.Caller().Tenant;
        var part = new List<(int Line, BulkRecipient Recipient)>(Together);
        var lines = 0;
        await foreach (var line in NdjsonLines.ReadAsync(http.Request.BodyReader, MaxLineBytes, cancellationToken))
        {
            if (++lines > MaxLines)
            {
                await FlushAsync(http, tenant, part, cancellationToken);
                var error = new FieldError("", "too_many", $"At most {MaxLines:N0} lines; this one and those behind it were not read.");
                await AnswerAsync(http, new(line.Number, StatusCodes.Status413PayloadTooLarge, Errors: [error]), cancellationToken);
                return;
            }
            var (recipient, refused) = Read(line);
            if (recipient is not null)
            {
                part.Add((line.Number, recipient));
            }
            else
            {
                await FlushAsync(http, tenant, part, cancellationToken); // results come in the order of the lines
                await AnswerAsync(http, refused!, cancellationToken);
            }
            if (part.Count == Together)
                await FlushAsync(http, tenant, part, cancellationToken);
        }
        await FlushAsync(http, tenant, part, cancellationToken);
    }

    private static (BulkRecipient? Recipient, BulkResult? Refused) Read(NdjsonLine line)
    {
        if (line.Bytes is not { } bytes)
            return Refused(line, StatusCodes.Status413PayloadTooLarge, [new("", "too_large", $"At most {MaxLineBytes:N0} bytes a line.")]);
        if (!NdjsonLines.IsText(bytes))
            return Refused(line, StatusCodes.Status400BadRequest, [new("", "malformed", "The line is not valid UTF-8.")]);
        var (recipient, error) = RequestBody.Parse(bytes, ApiJson.Strict.BulkRecipient);
        if (recipient is null)
            return Refused(line, StatusCodes.Status400BadRequest, [error!]);
        var errors = RecipientValidator.Validate(recipient.Id ?? "", recipient.ToRequest());
        return errors.Count > 0 ? Refused(line, StatusCodes.Status422UnprocessableEntity, errors) : (recipient, null);
    }

    private static (BulkRecipient?, BulkResult?) Refused(NdjsonLine line, int status, IReadOnlyList<FieldError> errors) =>
        (null, new(line.Number, status, Errors: errors));

    /// <summary>Of an id that comes twice the last line counts, and both are answered.</summary>
    private async Task FlushAsync(
        HttpContext http,
        string tenant,
        List<(int Line, BulkRecipient Recipient)> part,
        CancellationToken cancellationToken
    )
    {
        if (part.Count == 0)
            return;
        var last = part.GroupBy(entry => entry.Recipient.Id!, StringComparer.Ordinal).Select(group => group.Last().Recipient).ToList();
        var made = await WriteAsync(tenant, last, cancellationToken);
        await profiles.InvalidateAsync(tenant, made.Keys);
        foreach (var (line, recipient) in part)
        {
            var result = made.TryGetValue(recipient.Id!, out var isNew)
                ? new BulkResult(line, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, recipient.Id)
                : new BulkResult(
                    line,
                    StatusCodes.Status422UnprocessableEntity,
                    recipient.Id,
                    [new("attributes", "invalid", "The database cannot keep this JSON: a number beyond its range.")]
                );
            await AnswerAsync(http, result, cancellationToken);
        }
        part.Clear();
    }

    /// <summary>A row that Postgres refuses is found by writing one by one, and is not among the results.</summary>
    private async Task<Dictionary<string, bool>> WriteAsync(
        string tenant,
        IReadOnlyList<BulkRecipient> recipients,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await BulkRows.WriteAsync(database, tenant, recipients, time.GetUtcNow(), cancellationToken);
        }
        catch (PostgresException refused) when (DatabaseFaults.ConcernsRow(refused))
        {
            var made = new Dictionary<string, bool>(StringComparer.Ordinal);
            if (recipients.Count == 1)
                return made;
            foreach (var recipient in recipients)
            {
                foreach (var (id, isNew) in await WriteAsync(tenant, [recipient], cancellationToken))
                    made[id] = isNew;
            }
            return made;
        }
    }

    private static async Task AnswerAsync(HttpContext http, BulkResult result, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(http.Response.Body, result, ApiJson.Answers.BulkResult, cancellationToken);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
