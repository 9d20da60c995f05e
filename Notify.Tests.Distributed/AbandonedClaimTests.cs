using Npgsql;

namespace Notify.Tests.Distributed;

/// <summary>Deliveries whose worker died between claim and outcome, as they stand in the database once their lease is over.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed class AbandonedClaimTests(NotifyApp app)
{
    private const int Deliveries = 300;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claims_past_their_lease_are_all_sent_again()
    {
        var notify = await app.ReadyAsync(Cancel);
        var id = await SentAsync(notify, category: null);

        await AbandonAsync(notify, id);
        var seen = await notify.Api.WhenAllAsync(id, delivery => delivery.State == "sent", Cancel);

        Assert.Equal(Deliveries, seen.Deliveries.Count);
        Assert.Equal(
            [2 * Deliveries],
            await notify.QueryAsync(
                "SELECT sum(fence)::int FROM deliveries WHERE notification_id = @id",
                row => row.GetInt32(0),
                Cancel,
                new NpgsqlParameter("id", id)
            )
        );
    }

    [Fact]
    public async Task Claims_past_their_lease_are_not_sent_again_where_a_message_must_not_come_twice()
    {
        var notify = await app.ReadyAsync(Cancel);
        var id = await SentAsync(notify, Requests.AtMostOnce);

        await AbandonAsync(notify, id);
        var seen = await notify.Api.WhenAllAreAsync(id, "unknown", Cancel);

        Assert.All(seen.Deliveries, delivery => Assert.Equal(("lease_expired", 0), (delivery.Reason, delivery.Attempts.Count)));
    }

    private static async Task<Guid> SentAsync(RunningNotify notify, string? category)
    {
        var id = await notify.Api.AcceptedAsync(
            new
            {
                recipients = Enumerable.Range(0, Deliveries).Select(_ => new { email = Requests.NewEmail() }),
                message = new { title = "Hello", body = "It works." },
                category = category ?? "claims",
            },
            Cancel
        );
        await notify.Api.WhenAllAreAsync(id, "sent", Cancel);
        return id;
    }

    private static Task AbandonAsync(RunningNotify notify, Guid id) =>
        notify.QueryAsync(
            """
            WITH abandoned AS (
                UPDATE deliveries SET state = 'sending', claim_id = @claim, sent_at = NULL, call_ms = NULL, provider = NULL
                 WHERE notification_id = @id RETURNING delivery_id)
            INSERT INTO claims (claim_id, lapses_at, delivery_ids) SELECT @claim, now(), array_agg(delivery_id) FROM abandoned
            """,
            _ => 0,
            Cancel,
            new NpgsqlParameter("id", id),
            new NpgsqlParameter("claim", Guid.NewGuid())
        );
}
