using System.Text;
using Notify.Api.Keys;
using Notify.Api.Limits;
using Notify.Api.Problems;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Tenants;

namespace Notify.Api.Notifications;

/// <summary><c>POST /v1/notifications/batch</c>: up to 1,000 notifications; each is accepted or refused by itself.</summary>
internal static class BatchApi
{
    public static async Task<IResult> AcceptAsync(
        HttpContext http,
        Intake intake,
        AcceptLimiter limiter,
        IdempotencyStore keys,
        TenantDirectory tenants,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!IdempotencyKey.TryRead(http.Request, out var key))
            return KeyProblems.Invalid();
        var (body, problem) = await RequestBody.ReadAsync(http.Request, NotificationLimits.BatchBytes, "A batch", cancellationToken);
        if (body is null)
            return problem!;
        var (items, error) = BatchReader.Read(body);
        if (items is null)
            return error!.Rule == "required" ? Problem.Invalid([error]) : Problem.Malformed(error);
        if (items.Count > NotificationLimits.BatchItems)
            return Problem.Invalid([
                new(
                    "notifications",
                    "too_many",
                    $"At most {NotificationLimits.BatchItems:N0} notifications a batch; these are {items.Count:N0}."
                ),
            ]);
        var tenant = http.Caller().Tenant;
        var batchId = UuidV7.New(time.GetUtcNow());
        KeyHold? hold = null;
        if (key is not null)
        {
            hold = await keys.TakeAsync(tenant, "batch", key, body, batchId);
            if (hold.State == KeyState.OtherBody)
                return KeyProblems.Reused();
            if (hold.State == KeyState.Running)
                return KeyProblems.InUse();
            batchId = hold.Id;
        }
        var (results, accepted) = Check(body, items, tenant, tenants.Peek(tenant) ?? TenantEntry.Plain, batchId, key);
        if (hold?.State == KeyState.Answered)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
        }
        else if (limiter.TryTake(tenant, RecipientsByLane(accepted)) is { } refusal)
        {
            intake.Refused(refusal.Lane, accepted.Count(notification => notification.Lane == refusal.Lane));
            if (hold is not null)
                await keys.FailedAsync(hold);
            return Problem.TooMany(refusal);
        }
        else
        {
            var produced = await intake.AcceptAsync(accepted);
            MarkNotAccepted(results, produced);
            if (hold is not null)
                await (
                    Array.TrueForAll(produced, result => result == ProduceResult.Persisted)
                        ? keys.AnsweredAsync(hold)
                        : keys.FailedAsync(hold)
                );
        }
        return Answer(http, results);
    }

    /// <summary>An item's id is made of the batch's: a repeated batch means the same notifications.</summary>
    private static (BatchItemView[] Results, List<AcceptedNotification> Accepted) Check(
        byte[] body,
        List<Range> items,
        string tenant,
        TenantEntry owner,
        Guid batchId,
        string? key
    )
    {
        var results = new BatchItemView[items.Count];
        var accepted = new List<AcceptedNotification>(items.Count);
        var time = UuidV7.TimeOf(batchId);
        for (var i = 0; i < items.Count; i++)
        {
            var bytes = body.AsSpan(items[i]);
            var (request, problem) = BatchItemCheck.Check(bytes, owner, i);
            if (request is null)
            {
                results[i] = new(i, problem!.Status, Problem: problem);
                continue;
            }
            var id = UuidV7.Derive(time, Encoding.ASCII.GetBytes($"{batchId:N}/{i}"));
            results[i] = new(i, StatusCodes.Status202Accepted, id);
            var recipients = request.Recipients!;
            accepted.Add(
                new(
                    tenant,
                    id,
                    CategoryRules.LaneOf(request, owner),
                    recipients.Count,
                    recipients[0].OrderingKey(),
                    bytes.ToArray(),
                    key is null ? null : $"{key}#{i}",
                    BatchItem: i
                )
            );
        }
        return (results, accepted);
    }

    private static int[] RecipientsByLane(List<AcceptedNotification> accepted)
    {
        var counts = new int[LaneNames.All.Count];
        foreach (var notification in accepted)
            counts[(int)notification.Lane] += notification.Recipients;
        return counts;
    }

    private static void MarkNotAccepted(BatchItemView[] results, ProduceResult[] produced)
    {
        var next = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Status == StatusCodes.Status202Accepted && produced[next++] is var result and not ProduceResult.Persisted)
                results[i] = NotAccepted(i, result);
        }
    }

    private static BatchItemView NotAccepted(int index, ProduceResult result)
    {
        var problem =
            result == ProduceResult.TooLarge
                ? ProblemView.Of(
                    "too-large",
                    StatusCodes.Status413PayloadTooLarge,
                    "Too large.",
                    [Problem.TooLargeForKafka($"notifications[{index}]")]
                )
                : ProblemView.Of(
                    "unavailable",
                    StatusCodes.Status503ServiceUnavailable,
                    "Try again in a moment.",
                    "Kafka did not confirm this notification."
                );
        return new(index, problem.Status, Problem: problem);
    }

    /// <summary>202 when anything was accepted; else what all have in common, or 422.</summary>
    private static IResult Answer(HttpContext http, BatchItemView[] results)
    {
        var accepted = results.Count(result => result.Status == StatusCodes.Status202Accepted);
        var status =
            accepted > 0 ? StatusCodes.Status202Accepted
            : results.All(result => result.Status == results[0].Status) ? results[0].Status
            : StatusCodes.Status422UnprocessableEntity;
        if (results.Any(result => result.Status == StatusCodes.Status503ServiceUnavailable))
            http.Response.Headers.RetryAfter = "2";
        return Results.Json(new BatchView(accepted, results.Length - accepted, results), ApiJson.Answers.BatchView, statusCode: status);
    }
}
