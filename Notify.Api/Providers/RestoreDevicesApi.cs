using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Auditing;
using Notify.Core.Channels;
using Notify.Core.Routing;

namespace Notify.Api.Providers;

/// <summary>Takes back what a wrong setting made of devices: a provider that refuses good tokens is mended, and they count again.</summary>
internal static class RestoreDevicesApi
{
    private static readonly TimeSpan Default = TimeSpan.FromDays(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public static void MapRestoreDevices(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/v1/providers/{name}/restore-devices", RestoreAsync)
            .WithTags("Providers")
            .RequireScope(Scopes.Operate)
            .WithName("RestoreDevices")
            .WithSummary("Restore devices that a wrong setting disabled")
            .WithDescription(
                "Devices of all tenants that fcm or apns refused since a time (a day ago by default, at most 90 days) "
                    + "with a code that a wrong project, key, app or environment causes too, and that were disabled for it, are active again. "
                    + "One that is really gone costs one more call and is disabled again."
            )
            .Produces<RestoredDevicesView>()
            .ProducesProblems(401, 403, 404, 422, 503);

    private static async Task<IResult> RestoreAsync(
        string name,
        [FromQuery] string? since,
        HttpContext http,
        DeviceStore devices,
        ProfileCache profiles,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!DoubtfulRefusals.ByProvider.ContainsKey(name))
            return Problem.NotFound("provider", $"'{name}' is no provider of devices; fcm and apns are.");
        if (!TryReadSince(since, time.GetUtcNow(), out var from))
            return Problem.Invalid([new("since", "invalid", "A time of the last 90 days, such as 2026-11-30T08:00:00Z.")]);
        var caller = http.Caller();
        var restored = await devices.RestoreAsync(name, from, new Owner(caller.Tenant, caller.KeyId), Note, cancellationToken);
        foreach (var part in restored.Distinct().Chunk(500))
            await Task.WhenAll(part.Select(recipient => profiles.InvalidateAsync(recipient.Tenant, recipient.Recipient)));
        return Results.Json(new RestoredDevicesView(name, from, restored.Count), ApiJson.Answers.RestoredDevicesView);

        AuditNote Note(int count) =>
            new(AuditActions.DevicesRestored, name, JsonSerializer.Serialize(new(name, from, count), ApiJson.Answers.RestoredDevicesView));
    }

    private static bool TryReadSince(string? text, DateTimeOffset now, out DateTimeOffset since)
    {
        since = now - Default;
        if (text is null)
            return true;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out since) && since <= now && since >= now - Longest;
    }
}

/// <summary>What was restored.</summary>
/// <param name="Provider">Whose devices.</param>
/// <param name="Since">Of those that were disabled at or after this time.</param>
/// <param name="Restored">How many are active again.</param>
internal sealed record RestoredDevicesView(string Provider, DateTimeOffset Since, int Restored);
