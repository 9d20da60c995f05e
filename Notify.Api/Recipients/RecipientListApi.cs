using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Keys;
using Notify.Api.Paging;
using Notify.Api.Problems;
using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Recipients;

/// <summary><c>GET /v1/recipients</c>: a tenant's recipients in the order of their ids, or those with an address.</summary>
internal static class RecipientListApi
{
    public static async Task<IResult> ListAsync(
        [FromQuery] string? email,
        [FromQuery] string? phone,
        [FromQuery] string? limit,
        [FromQuery] string? cursor,
        HttpContext http,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var errors = new List<FieldError>();
        var count = PageCursor.Limit(limit, errors);
        var after = ReadCursor(cursor, errors);
        if (email is not null && !Addresses.IsEmail(email))
            errors.Add(new("email", "invalid", "Not a mail address; expected a form such as name@example.com."));
        if (phone is not null && !Addresses.IsPhone(phone))
            errors.Add(
                new("phone", "invalid", "Not a phone number in E.164; expected a form such as +15005550006, with + written as %2B.")
            );
        if (errors.Count > 0)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var rows = database.Recipients.AsNoTracking().Where(r => r.TenantId == tenant);
        if (email is not null)
            rows = rows.Where(r => r.Email == email);
        if (phone is not null)
            rows = rows.Where(r => r.Phone == phone);
        if (after is not null)
            rows = rows.Where(r =>
                EF.Functions.GreaterThan(ValueTuple.Create(r.TenantId, r.RecipientId), ValueTuple.Create(tenant, after))
            );
        var found = await rows.OrderBy(r => r.RecipientId).Take(count + 1).ToListAsync(cancellationToken);
        var page = found.Take(count).ToList();
        return Results.Json(
            new RecipientPage(
                await WithDevicesAsync(page, tenant, database, cancellationToken),
                found.Count > count ? CursorOf(page[^1].RecipientId) : null
            ),
            ApiJson.Answers.RecipientPage
        );
    }

    private static async Task<List<RecipientView>> WithDevicesAsync(
        List<Recipient> page,
        string tenant,
        NotifyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var ids = page.Select(recipient => recipient.RecipientId).ToArray();
        var devices = await database
            .Devices.AsNoTracking()
            .Where(d => d.TenantId == tenant && ids.Contains(d.RecipientId))
            .OrderBy(d => d.DeviceId)
            .ToListAsync(cancellationToken);
        var byRecipient = devices.ToLookup(device => device.RecipientId);
        return [.. page.Select(recipient => RecipientView.Of(recipient, byRecipient[recipient.RecipientId]))];
    }

    private static string CursorOf(string id) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));

    private static string? ReadCursor(string? text, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (
            text.Length <= 4 * NotificationLimits.RecipientIdLength
            && Base64Url.IsValid(text)
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) is var id
            && Addresses.IsRecipientId(id)
        )
            return id;
        errors.Add(new("cursor", "invalid", "Take the value of next of the page before."));
        return null;
    }
}

/// <summary>One page of recipients, in the order of their ids; <c>cursor</c> takes <see cref="Next"/>.</summary>
internal sealed record RecipientPage(IReadOnlyList<RecipientView> Items, string? Next);
