using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Core.Suppressions;

namespace Notify.Api.Suppressions;

/// <summary>Addresses that are not to be written to.</summary>
internal static class SuppressionsApi
{
    private const int MaxBytes = 16 * 1024;

    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/suppressions").WithTags("Consent");
        group
            .MapPost("/", AddAsync)
            .RequireScope(Scopes.Manage)
            .WithName("AddSuppression")
            .WithSummary("Never write to an address again")
            .WithDescription(
                "Holds from the answer on, for critical messages too, and for what is queued or waits. Only a hash of the address is kept. One that is there already gets the cause and the end given here: 200 instead of 201."
            )
            .Accepts<SuppressionRequest>("application/json")
            .Produces<SuppressionView>()
            .Produces<SuppressionView>(StatusCodes.Status201Created)
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);
        group
            .MapGet("/", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("ListSuppressions")
            .WithSummary("Suppressions, the newest first")
            .WithDescription("All of the tenant, of one channel, or of exactly this address on a channel.")
            .Produces<SuppressionPage>()
            .ProducesProblems(401, 403, 422, 503);
        group.MapImport();
        group
            .MapDelete("/{id}", RemoveAsync)
            .RequireScope(Scopes.Manage)
            .WithName("RemoveSuppression")
            .WithSummary("Allow writing to an address again")
            .WithDescription("Written to the audit log. What was suppressed meanwhile stays so.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(401, 403, 404, 503);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http,
        SuppressionStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "A suppression", cancellationToken);
        if (body is null)
            return problem!;
        var (request, error) = RequestBody.Parse(body, ApiJson.Strict.SuppressionRequest);
        if (request is null)
            return Problem.Malformed(error!);
        var (added, errors) = Read(request, time.GetUtcNow(), SuppressionCauses.Manual);
        if (added is null)
            return Problem.Invalid(errors);
        var (row, made) = await store.AddAsync(http.Caller(), added, cancellationToken);
        return Results.Json(
            SuppressionView.Of(row),
            ApiJson.Answers.SuppressionView,
            statusCode: made ? StatusCodes.Status201Created : StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> ListAsync(
        [FromQuery] string? channel,
        [FromQuery] string? address,
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
        var definition = ChannelDefinition.Named(channel);
        if (channel is not null && definition is null)
            errors.Add(UnknownChannel());
        if (address is not null && channel is null)
            errors.Add(new("channel", "required", "An address is one of a channel: name it."));
        var canonical = address is null ? null : definition?.AddressOf(address);
        if (address is not null && definition is not null && canonical is null)
            errors.Add(new("address", "invalid", definition.ExpectedAddress));
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var rows = database
            .Suppressions.AsNoTracking()
            .Where(row => row.TenantId == tenant && (before == null || row.SuppressionId < before));
        if (definition is not null)
            rows = rows.Where(row => row.Channel == definition.Name);
        if (canonical is not null && AddressHash.Of(tenant, definition!.Channel, canonical) is var hash)
            rows = rows.Where(row => row.AddressHash == hash);
        var found = await rows.OrderByDescending(row => row.SuppressionId).Take(count + 1).ToListAsync(cancellationToken);
        return Results.Json(
            new SuppressionPage(
                [.. found.Take(count).Select(SuppressionView.Of)],
                found.Count > count ? found[count - 1].SuppressionId : null
            ),
            ApiJson.Answers.SuppressionPage
        );
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, SuppressionStore store, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var suppression))
            return Problem.NoId("suppression", id);
        return await store.RemoveAsync(http.Caller(), suppression, cancellationToken)
            ? Results.NoContent()
            : Problem.NotFound("suppression", $"This tenant has no suppression {suppression}.");
    }

    /// <summary>The suppression, or what is wrong with the request.</summary>
    internal static (NewSuppression? Added, IReadOnlyList<FieldError> Errors) Read(
        SuppressionRequest request,
        DateTimeOffset now,
        string usualCause
    )
    {
        var errors = new List<FieldError>();
        var channel = ChannelDefinition.Named(request.Channel);
        if (channel is null)
            errors.Add(UnknownChannel(request.Channel is null ? "required" : "unknown"));
        var address = request.Address is { } text ? channel?.AddressOf(text) : null;
        if (request.Address is null)
            errors.Add(new("address", "required", "The address that is not to be written to."));
        else if (channel is not null && address is null)
            errors.Add(new("address", "invalid", channel.ExpectedAddress));
        if (!SuppressionScope.TryParse(request.Scope ?? "all", out var scope))
            errors.Add(new("scope", "unknown", "One of: all, marketing, or category: and a category's id, such as category:news."));
        if (request.Cause is not null && !SuppressionCauses.All.Contains(request.Cause))
            errors.Add(new("cause", "unknown", $"One of: {string.Join(", ", SuppressionCauses.All)}."));
        Guid? delivery = null;
        if (request.DeliveryId is { } id)
        {
            if (Guid.TryParse(id, out var parsed))
                delivery = parsed;
            else
                errors.Add(new("deliveryId", "invalid", "The id of a delivery, a UUID."));
        }
        if (request.ExpiresAt <= now)
            errors.Add(new("expiresAt", "out_of_range", "A moment that is still to come."));
        return errors.Count > 0
            ? (null, errors)
            : (new(channel!, address!, request.Address!, scope, request.Cause ?? usualCause, delivery, request.ExpiresAt), errors);
    }

    private static FieldError UnknownChannel(string rule = "unknown") =>
        new("channel", rule, $"One of: {string.Join(", ", ChannelDefinition.All.Select(known => known.Name))}.");
}
