using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Notify.Api.Auditing;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Auditing;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;

namespace Notify.Api.DeadLetters;

/// <summary>One dead letter with all that is known of it.</summary>
internal static class DeadLetterDetails
{
    // What Notify sets itself. An idempotency key is the producer's own text, and may name a person.
    private static readonly HashSet<string> OwnHeaders =
    [
        RecordHeaders.SchemaVersion,
        RecordHeaders.Tenant,
        RecordHeaders.NotificationId,
        RecordHeaders.TraceParent,
        RecordHeaders.ContentType,
    ];

    private static readonly Func<DeadLetter, DeadLetterView> ToView = DeadLetterView.FromLetter.Compile();

    public static async Task<IResult> FindAsync(
        [FromRoute(Name = "id")] string text,
        [FromQuery] string? include,
        [FromQuery] string? unassigned,
        HttpContext http,
        NotifyDbContext database,
        AuditWriter audit,
        CancellationToken cancellationToken
    )
    {
        if (!Owner.TryFind(http, unassigned, out var owner, out var problem))
            return problem;
        if (!PathId.TryRead(text, "dead letter", out var id, out problem))
            return problem;
        if (include is not (null or "value"))
            return Problem.Invalid([new("include", "unknown", "There is only: value.")]);
        var letter = await database
            .DeadLetters.AsNoTracking()
            .SingleOrDefaultAsync(l => l.TenantId == owner.Tenant && l.DeadLetterId == id, cancellationToken);
        if (letter is null)
            return Problem.NotFound("dead letter", $"{id} is not a dead letter of this tenant.");
        if (include is not null && letter.Kind != DeadLetterKinds.Record)
            return Problem.Invalid([
                new("include", "not_allowed", "Only a record has a value; a delivery's notification has its contents."),
            ]);
        if (include is not null) // first the entry, then the contents
            await audit.WriteAsync(owner, new AuditNote(AuditActions.ValueRead, id.ToString()), cancellationToken);
        var delivery = letter.DeliveryId is null
            ? null
            : await database
                .Deliveries.AsNoTracking()
                .SingleOrDefaultAsync(d => d.TenantId == owner.Tenant && d.DeliveryId == letter.DeliveryId, cancellationToken);
        var view = ToView(letter) with
        {
            Record = letter.Kind == DeadLetterKinds.Record ? RecordOf(letter, include is not null) : null,
            Delivery = delivery is null ? null : DeadDeliveryView.Of(delivery),
        };
        return Results.Json(view, ApiJson.Answers.DeadLetterView);
    }

    private static RecordView RecordOf(DeadLetter letter, bool whole)
    {
        var headers = JsonSerializer.Deserialize(letter.RecordHeaders!, DeadLetterJson.Default.DictionaryStringString)!;
        return new(
            letter.Topic!,
            letter.Partition!.Value,
            letter.RecordOffset!.Value,
            [
                .. headers.Select(header => new HeaderView(
                    header.Key,
                    OwnHeaders.Contains(header.Key) ? Encoding.UTF8.GetString(Convert.FromBase64String(header.Value)) : null,
                    whole ? header.Value : null
                )),
            ],
            letter.RecordKey!.Length,
            letter.RecordValue!.Length,
            whole ? Convert.ToBase64String(letter.RecordKey) : null,
            whole ? Convert.ToBase64String(letter.RecordValue) : null
        );
    }
}
