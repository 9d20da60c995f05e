using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Preferences;

/// <summary>Who changed what somebody wants, and when.</summary>
internal static class ConsentLogApi
{
    public static void MapConsentLog(this IEndpointRouteBuilder recipients) =>
        recipients
            .MapGet("/{id}/consent-log", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListConsentOfRecipient")
            .WithSummary("Every change of what a recipient wants, the newest first")
            .WithDescription("The log stays when the recipient is removed, and no entry of it is ever changed.")
            .Produces<ConsentLogPage>()
            .ProducesProblems(401, 403, 422, 503);

    private static async Task<IResult> ListAsync(
        string id,
        [FromQuery] string? limit,
        [FromQuery] string? after,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        var count = PageCursor.Limit(limit, errors);
        var before = PageCursor.ParseId(after, errors);
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var entries = await database
            .ConsentLog.AsNoTracking()
            .Where(entry => entry.TenantId == tenant && entry.RecipientId == id && (before == null || entry.EntryId < before))
            .OrderByDescending(entry => entry.EntryId)
            .Take(count + 1)
            .ToListAsync(cancellationToken);
        var more = entries.Count > count;
        return Results.Json(
            new ConsentLogPage([.. entries.Take(count).Select(ViewOf)], more ? entries[count - 1].EntryId : null),
            ApiJson.Answers.ConsentLogPage
        );
    }

    private static ConsentEntryView ViewOf(ConsentEntry entry) =>
        new(entry.EntryId, entry.At, entry.Via, entry.Actor, DocumentOf(entry.Before), DocumentOf(entry.After));

    private static JsonElement? DocumentOf(string? json) => json is null ? null : JsonElement.Parse(json);
}
