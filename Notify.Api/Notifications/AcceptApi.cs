using Notify.Api.Keys;
using Notify.Api.Limits;
using Notify.Api.Problems;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Core.Validation;

namespace Notify.Api.Notifications;

/// <summary><c>POST /v1/notifications</c>: one notification; 202 once the broker has persisted it.</summary>
internal sealed class AcceptApi(Intake intake, AcceptLimiter limiter, IdempotencyStore keys, TenantDirectory tenants, TimeProvider time)
{
    public async Task<IResult> AcceptAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (!IdempotencyKey.TryRead(http.Request, out var key))
            return KeyProblems.Invalid();
        var (body, problem) = await RequestBody.ReadAsync(http.Request, NotificationLimits.ItemBytes, "A notification", cancellationToken);
        if (body is null)
            return problem!;
        var (request, error) = RequestBody.ParseNotification(body);
        if (request is null)
            return Problem.Malformed(error!);
        if (NotificationValidator.Validate(request) is { Count: > 0 } errors)
            return Problem.Invalid(errors);
        var tenant = http.Caller().Tenant;
        var owner = tenants.Peek(tenant) ?? TenantEntry.Plain;
        var lane = CategoryRules.LaneOf(request, owner);
        var id = UuidV7.New(time.GetUtcNow());
        KeyHold? hold = null;
        if (key is not null)
        {
            hold = await keys.TakeAsync(tenant, "notifications", key, body, id);
            id = hold.Id;
            switch (hold.State)
            {
                case KeyState.OtherBody:
                    return KeyProblems.Reused();
                case KeyState.Running:
                    return KeyProblems.InUse();
                case KeyState.Answered:
                    http.Response.Headers["Idempotency-Replayed"] = "true";
                    return Accepted(id);
                case KeyState.Taken:
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(http), hold.State, null);
            }
        }
        if (CategoryRules.Check(request, owner) is { } wrong) // a repeat has had its answer
        {
            if (hold is not null)
                await keys.FailedAsync(hold);
            return Problem.Invalid([wrong]);
        }
        var recipients = request.Recipients!;
        if (limiter.TryTake(tenant, lane, recipients.Count) is { } refusal)
        {
            intake.Refused(refusal.Lane, 1);
            if (hold is not null)
                await keys.FailedAsync(hold); // the next one with this key may try at once
            return Problem.TooMany(refusal);
        }
        var produced = await intake.AcceptAsync(
            new AcceptedNotification(tenant, id, lane, recipients.Count, recipients[0].OrderingKey(), body, key)
        );
        if (hold is not null)
            await (produced == ProduceResult.Persisted ? keys.AnsweredAsync(hold) : keys.FailedAsync(hold));
        return produced switch
        {
            ProduceResult.Persisted => Accepted(id),
            ProduceResult.TooLarge => Problem.TooLargeForKafka(body.Length),
            _ => Problem.Unavailable(
                "Kafka did not confirm the notification. Send it again, with an Idempotency-Key to be sure that it counts once."
            ),
        };
    }

    private static AcceptedResult Accepted(Guid id) => new(id);
}
