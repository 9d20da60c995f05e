using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Routing;

namespace Notify.Api.Recipients;

/// <summary>A recipient's devices. The token travels in the body, never in a path, where logs would keep it.</summary>
internal static class DevicesApi
{
    private const int MaxBytes = 16 * 1024;

    public static void MapDevices(this IEndpointRouteBuilder recipients)
    {
        recipients
            .MapPut("/{id}/devices/{deviceId}", PutAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutDevice")
            .WithSummary("Register a device or refresh its token")
            .WithDescription(
                "A token belongs to whoever registered it last: registering it here takes it from another recipient. A disabled device becomes active again. 201 where the device is new, 200 where it was replaced."
            )
            .Accepts<DeviceRequest>("application/json")
            .Produces<DeviceView>()
            .Produces<DeviceView>(StatusCodes.Status201Created)
            .ProducesProblems(400, 401, 403, 404, 413, 415, 422, 503);
        recipients
            .MapGet("/{id}/devices/{deviceId}", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetDevice")
            .WithSummary("A device, without its token")
            .Produces<DeviceView>()
            .ProducesProblems(401, 403, 404, 503);
        recipients
            .MapDelete("/{id}/devices/{deviceId}", DeleteAsync)
            .RequireScope(Scopes.Manage)
            .WithName("DeleteDevice")
            .WithSummary("Remove a device")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(401, 403, 404, 503);
    }

    private static async Task<IResult> PutAsync(
        string id,
        string deviceId,
        HttpContext http,
        NotifyDbContext database,
        ProfileCache profiles,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "A device", cancellationToken);
        if (body is null)
            return problem!;
        var (request, error) = RequestBody.Parse(body, ApiJson.Strict.DeviceRequest);
        if (request is null)
            return Problem.Malformed(error!);
        if (RecipientValidator.Validate(id, deviceId, request) is { Count: > 0 } errors)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        // The execution strategy may run this again as a whole after a lost connection.
        var registered = await database
            .Database.CreateExecutionStrategy()
            .ExecuteAsync(token => RegisterAsync(database, tenant, id, deviceId, request, time.GetUtcNow(), token), cancellationToken);
        if (registered is not { } done)
            return RecipientsApi.NotFound(id);
        await Task.WhenAll(done.PreviousOwners.Append(id).Distinct().Select(owner => profiles.InvalidateAsync(tenant, owner)));
        if (await ReadAsync(id, deviceId, tenant, database, cancellationToken) is not { } device)
            return NotFound(id, deviceId);
        if (done.Made)
            http.Response.Headers.Location = $"{RecipientsApi.PathOf(id)}/devices/{Uri.EscapeDataString(deviceId)}";
        return Results.Json(
            device,
            ApiJson.Answers.DeviceView,
            statusCode: done.Made ? StatusCodes.Status201Created : StatusCodes.Status200OK
        );
    }

    /// <summary>Who had the token before, and whether the device is new; null where there is no such recipient.</summary>
    private static async Task<(List<string> PreviousOwners, bool Made)?> RegisterAsync(
        NotifyDbContext database,
        string tenant,
        string id,
        string deviceId,
        DeviceRequest request,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(request.Token!));
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Two recipients that register one token at the same moment take turns here.
        await database.Database.ExecuteSqlAsync(
            $"SELECT pg_advisory_xact_lock(hashtextextended({tenant + "/" + request.Platform + "/" + Convert.ToHexString(hash)}, 0))",
            cancellationToken
        );
        // Held until the commit, so that nobody deletes the recipient in between.
        if (
            (
                await database
                    .Database.SqlQuery<int>(
                        $"""SELECT 1 AS "Value" FROM recipients WHERE tenant_id = {tenant} AND recipient_id = {id} FOR KEY SHARE"""
                    )
                    .ToListAsync(cancellationToken)
            ).Count == 0
        )
            return null;
        var previous = await database
            .Database.SqlQuery<string>(
                $"""
                DELETE FROM devices
                 WHERE tenant_id = {tenant} AND platform = {request.Platform} AND token_hash = {hash} AND NOT (recipient_id = {id} AND device_id = {deviceId})
                RETURNING recipient_id AS "Value"
                """
            )
            .ToListAsync(cancellationToken);
        // xmax is zero on a row that was inserted.
        var made = await database
            .Database.SqlQuery<bool>(
                $"""
                INSERT INTO devices (tenant_id, recipient_id, device_id, platform, app, environment, token, token_hash, registered_at, last_seen_at, state, time_zone)
                VALUES ({tenant}, {id}, {deviceId}, {request.Platform}, {request.App}, {request.Environment
                    ?? "production"}, {request.Token}, {hash}, {now}, {now}, {Device.Active}, {RecipientValidator.ZoneOf(request.TimeZone)})
                ON CONFLICT (tenant_id, recipient_id, device_id) DO UPDATE
                   SET platform = excluded.platform, app = excluded.app, environment = excluded.environment, token = excluded.token, token_hash = excluded.token_hash,
                       registered_at = excluded.registered_at, last_seen_at = excluded.last_seen_at, state = excluded.state, time_zone = excluded.time_zone, disabled_at = NULL, disabled_reason = NULL
                RETURNING (xmax = 0) AS "Value"
                """
            )
            .ToListAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (previous, made[0]);
    }

    private static async Task<IResult> FindAsync(
        string id,
        string deviceId,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    ) =>
        await ReadAsync(id, deviceId, http.Caller().Tenant, database, cancellationToken) is { } device
            ? Results.Json(device, ApiJson.Answers.DeviceView)
            : NotFound(id, deviceId);

    private static async Task<DeviceView?> ReadAsync(
        string id,
        string deviceId,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    ) =>
        await database
            .Devices.AsNoTracking()
            .SingleOrDefaultAsync(d => d.TenantId == tenant && d.RecipientId == id && d.DeviceId == deviceId, cancellationToken)
            is { } device
            ? DeviceView.Of(device)
            : null;

    private static async Task<IResult> DeleteAsync(
        string id,
        string deviceId,
        HttpContext http,
        NotifyDbContext database,
        ProfileCache profiles,
        CancellationToken cancellationToken
    )
    {
        var tenant = http.Caller().Tenant;
        var deleted = await database
            .Devices.Where(d => d.TenantId == tenant && d.RecipientId == id && d.DeviceId == deviceId)
            .ExecuteDeleteAsync(cancellationToken);
        await profiles.InvalidateAsync(tenant, id);
        return deleted == 0 ? NotFound(id, deviceId) : Results.NoContent();
    }

    private static IResult NotFound(string id, string deviceId) =>
        Problem.NotFound("device", $"Recipient {id} of this tenant has no device {deviceId}.");
}
