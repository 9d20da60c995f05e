using Microsoft.EntityFrameworkCore;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.Deliveries;

public sealed class ClaimAndSettleTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private WorkerRows Store => new(Database.Source);

    [Theory]
    [InlineData("queued", "NULL", true)]
    [InlineData("waiting", "now() - interval '1 second'", true)]
    [InlineData("waiting", "now() + interval '1 hour'", false)]
    [InlineData("sending", "now() + interval '1 hour'", false)]
    [InlineData("sending", "now() - interval '1 hour'", true)]
    [InlineData("sent", "NULL", false)]
    [InlineData("failed", "NULL", false)]
    [InlineData("dead", "NULL", false)]
    [InlineData("expired", "NULL", false)]
    [InlineData("unknown", "NULL", false)]
    [InlineData("cancelled", "NULL", false)]
    [InlineData("skipped", "NULL", false)]
    public async Task Only_queued_and_due_deliveries_can_be_claimed(string state, string due, bool claimed)
    {
        var key = await Database.AddDeliveryAsync(state, due);
        var claims = await Store.ClaimAsync([key], Lease, Cancel);
        Assert.Equal(claimed, claims.ContainsKey(key.Id));
        Assert.Equal(claimed ? "sending" : state, await StateAsync());
        if (claimed)
            Assert.Equal(new Claim(key.Id, 1, 1, false), claims[key.Id]);
    }

    [Fact]
    public async Task Abandoned_claim_is_not_taken_over_under_at_most_once()
    {
        var key = await Database.AddDeliveryAsync("sending", "now() - interval '1 hour'", atMostOnce: true);
        Assert.Empty(await Store.ClaimAsync([key], Lease, Cancel));
        Assert.Equal("sending", await StateAsync());
    }

    [Fact]
    public async Task Second_claim_finds_nothing()
    {
        var key = await Database.AddDeliveryAsync("queued", atMostOnce: true);
        Assert.True((await Store.ClaimAsync([key, key], Lease, Cancel))[key.Id].AtMostOnce);
        Assert.Empty(await Store.ClaimAsync([key], Lease, Cancel));
        Assert.True(await Database.ScalarAsync<bool>("SELECT fence = 1 AND attempt = 1 AND due_at IS NULL FROM deliveries"));
        Assert.Equal(
            [$"{key.Id} t"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', delivery_ids[1], lapses_at BETWEEN now() + interval '50 s' AND now() + interval '60 s') FROM claims"
            )
        );
    }

    [Fact]
    public async Task Claim_whose_answer_was_lost_is_found_again_by_its_id_and_by_no_other()
    {
        var key = await Database.AddDeliveryAsync("queued", atMostOnce: true);
        var id = Guid.NewGuid();
        var first = await Store.ClaimAsync([key], Lease, Cancel, id);

        Assert.Equal(first, await Store.ClaimAsync([key], Lease, Cancel, id));
        Assert.Equal(new Claim(key.Id, 1, 1, true), first[key.Id]);
        Assert.Empty(await Store.ClaimAsync([key], Lease, Cancel, Guid.NewGuid()));

        await Store.SettleAsync([new(key, first[key.Id], new(DeliveryState.Sent), new AttemptRecord(At, "twilio", "sent", 1))], Cancel);
        Assert.Empty(await Store.ClaimAsync([key], Lease, Cancel, id));
    }

    [Fact]
    public async Task Claim_that_lapsed_and_went_to_another_is_not_found_again()
    {
        var key = await Database.AddDeliveryAsync("queued");
        var id = Guid.NewGuid();
        await Store.ClaimAsync([key], TimeSpan.FromSeconds(-1), Cancel, id);
        await LapseRows.ComeDueAsync(Database.Source, Cancel);
        Assert.Equal(2, (await Store.ClaimAsync([key], Lease, Cancel))[key.Id].Fence);

        Assert.Empty(await Store.ClaimAsync([key], Lease, Cancel, id));
    }

    [Fact]
    public async Task Delivery_of_another_tenant_is_not_claimed()
    {
        var key = await Database.AddDeliveryAsync("queued");
        Assert.Empty(await Store.ClaimAsync([key with { Tenant = "other" }], Lease, Cancel));
    }

    [Fact]
    public async Task Each_of_200_rows_is_claimed_by_one_of_50_claimers()
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < 200; i++)
            keys.Add(await Database.AddDeliveryAsync("queued"));
        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async claimer =>
                {
                    // Each in an order of its own, in small batches that share rows: none may lock another out.
                    var order = new Random(claimer);
                    var mine = new List<Guid>();
                    foreach (var batch in keys.OrderBy(_ => order.Next()).Chunk(20))
                        mine.AddRange((await Store.ClaimAsync(batch, Lease, Cancel)).Keys);
                    return mine;
                })
        );
        Assert.Equal(keys.Select(key => key.Id).Order(), claims.SelectMany(mine => mine).Order());
        Assert.Equal(
            200L,
            await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sending' AND fence = 1 AND attempt = 1")
        );
    }

    [Fact]
    public async Task Outcome_is_written_with_its_attempt()
    {
        var (key, claim) = await ClaimedAsync();
        await Store.SettleAsync([new(key, claim, new(DeliveryState.Sent), new AttemptRecord(At, "twilio", "sent", 12), "SM1", 2)], Cancel);

        Assert.Equal("sent", await StateAsync());
        Assert.True(
            await Database.ScalarAsync<bool>(
                "SELECT provider = 'twilio' AND provider_message_id = 'SM1' AND segments = 2 AND attempt = 1 AND due_at IS NULL AND sent_at = '2026-11-21 12:00:00+00' FROM deliveries"
            )
        );
        Assert.Equal(new AttemptRecord(At, "twilio", "sent", 12), Assert.Single(await AttemptsAsync()));
        Assert.Equal("[]", await Database.ScalarAsync<string>("SELECT attempts::text FROM deliveries")); // the row says it itself
    }

    [Fact]
    public async Task Attempts_are_appended_in_order_and_the_retry_comes_due()
    {
        var (key, claim) = await ClaimedAsync();
        await Store.SettleAsync(
            [
                new(
                    key,
                    claim,
                    new(DeliveryState.Waiting, "retry", TimeProvider.System.GetUtcNow().AddSeconds(-1)),
                    new AttemptRecord(At, "twilio", "transient", 1, "500", "busy")
                ),
            ],
            Cancel
        );
        Assert.Equal("waiting", await StateAsync());
        claim = (await Store.ClaimAsync([key], Lease, Cancel))[key.Id];
        Assert.Equal((2, 2), (claim.Fence, claim.Attempt));
        await Store.SettleAsync([new(key, claim, new(DeliveryState.Sent), new AttemptRecord(At, "twilio", "sent", 2), "SM2")], Cancel);

        Assert.Equal(["transient", "sent"], (await AttemptsAsync()).Select(attempt => attempt.Outcome));
        Assert.True(
            await Database.ScalarAsync<bool>("SELECT code IS NULL AND reason IS NULL AND provider_message_id = 'SM2' FROM deliveries")
        );
    }

    [Fact]
    public async Task Of_a_delivery_that_is_throttled_for_days_the_first_calls_and_the_last_stay_on_record()
    {
        var (key, claim) = await ClaimedAsync();
        await Database.ExecuteAsync(
            "UPDATE deliveries SET attempts = (SELECT jsonb_agg(jsonb_build_object('at', now(), 'provider', n::text, 'outcome', 'throttled', 'milliseconds', n)) FROM generate_series(1, 100) AS n)"
        );

        await Store.SettleAsync(
            [new(key, claim, new(DeliveryState.Waiting, "throttled", At), new AttemptRecord(At, "last", "throttled", 1))],
            Cancel
        );

        Assert.Equal(
            [.. Enumerable.Range(1, 50).Concat(Enumerable.Range(52, 49)).Select(n => $"{n}"), "last"],
            (await AttemptsAsync()).Select(attempt => attempt.Provider)
        );
    }

    [Fact]
    public async Task Refunded_attempt_does_not_count()
    {
        var (key, claim) = await ClaimedAsync();
        await Store.SettleAsync(
            [
                new(
                    key,
                    claim,
                    new(DeliveryState.Waiting, "throttled", At, RefundsAttempt: true),
                    new AttemptRecord(At, "twilio", "throttled", 1)
                ),
            ],
            Cancel
        );
        Assert.True(await Database.ScalarAsync<bool>("SELECT attempt = 0 AND fence = 1 AND reason = 'throttled' FROM deliveries"));
        Assert.Equal((2, 1), (await Store.ClaimAsync([key], Lease, Cancel))[key.Id] is var again ? (again.Fence, again.Attempt) : default);
    }

    [Fact]
    public async Task Expired_before_the_call_has_no_attempt()
    {
        var (key, claim) = await ClaimedAsync();
        await Store.SettleAsync([new(key, claim, Transitions.Expired, null)], Cancel);
        Assert.True(
            await Database.ScalarAsync<bool>(
                "SELECT state = 'expired' AND attempt = 0 AND attempts = '[]' AND sent_at IS NULL FROM deliveries"
            )
        );
    }

    [Fact]
    public async Task Outcome_under_an_old_claim_changes_nothing()
    {
        var (key, old) = await ClaimedAsync();
        await Database.ExecuteAsync("UPDATE deliveries SET state = 'queued'"); // the lease ran out and the pump released it
        var current = (await Store.ClaimAsync([key], Lease, Cancel))[key.Id];
        Assert.Equal(
            0,
            await Store.SettleAsync(
                [new(key, old, new(DeliveryState.Failed, "refused"), new AttemptRecord(At, "late", "permanent", 1))],
                Cancel
            )
        );
        Assert.True(await Database.ScalarAsync<bool>("SELECT state = 'sending' AND attempts = '[]' AND provider IS NULL FROM deliveries"));

        Assert.Equal(
            1,
            await Store.SettleAsync([new(key, current, new(DeliveryState.Sent), new AttemptRecord(At, "twilio", "sent", 1))], Cancel)
        );
        await Store.SettleAsync(
            [new(key, current, new(DeliveryState.Failed, "refused"), new AttemptRecord(At, "twice", "permanent", 1))],
            Cancel
        );
        Assert.Equal(("sent", 1), (await StateAsync(), (await AttemptsAsync()).Count));
    }

    [Fact]
    public async Task Outcomes_of_a_moment_are_written_together()
    {
        var keys = new List<DeliveryKey>();
        for (var i = 0; i < 5; i++)
            keys.Add(await Database.AddDeliveryAsync("queued"));
        var claims = await Store.ClaimAsync(keys, Lease, Cancel);
        await Store.SettleAsync(
            [
                .. keys.Select(
                    (key, i) =>
                        new SettledAttempt(
                            key,
                            claims[key.Id],
                            i % 2 == 0 ? new(DeliveryState.Sent) : new(DeliveryState.Failed, "refused"),
                            new AttemptRecord(At, "p", "x", i)
                        )
                ),
            ],
            Cancel
        );
        Assert.Equal(
            ["failed 2", "sent 3"],
            await Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state ORDER BY 1")
        );
    }

    [Theory]
    [InlineData("token", "2026-11-21 11:59:59+00", "disabled")]
    [InlineData("other", "2026-11-21 11:59:59+00", "active")]
    [InlineData("token", "2026-11-21 12:00:01+00", "active")]
    public async Task Dead_device_is_disabled_only_while_it_is_the_one_that_was_tried(string token, string registeredAt, string expected)
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO recipients (tenant_id, recipient_id, created_at, updated_at) VALUES ('acme', 'u1', now(), now());
            INSERT INTO devices (tenant_id, recipient_id, device_id, platform, environment, token, token_hash, registered_at, last_seen_at, state)
            VALUES ('acme', 'u1', 'd1', 'fcm', 'production', 'token', sha256('token'), '{registeredAt}', now(), 'active');
            """
        );
        var (key, claim) = await ClaimedAsync();
        await Store.SettleAsync(
            [
                new(
                    key,
                    claim,
                    new(DeliveryState.Failed, "dead_address"),
                    new AttemptRecord(At, "fcm", "dead_address", 1, "UNREGISTERED"),
                    DeadDevice: new("u1", "d1", token, "UNREGISTERED")
                ),
            ],
            Cancel
        );

        Assert.Equal(expected, await Database.ScalarAsync<string>("SELECT state FROM devices"));
        Assert.Equal(
            expected == "disabled",
            await Database.ScalarAsync<bool>("SELECT disabled_at IS NOT NULL AND disabled_reason = 'UNREGISTERED' FROM devices")
        );
        Assert.Equal("failed", await StateAsync());
    }

    private async Task<(DeliveryKey, Claim)> ClaimedAsync()
    {
        var key = await Database.AddDeliveryAsync("queued");
        return (key, (await Store.ClaimAsync([key], Lease, Cancel))[key.Id]);
    }

    private Task<string> StateAsync() => Database.ScalarAsync<string>("SELECT state FROM deliveries");

    private async Task<IReadOnlyList<AttemptRecord>> AttemptsAsync()
    {
        await using var context = PostgresServer.NewContext(Database.ConnectionString);
        return AttemptRecord.AllOf(await context.Deliveries.SingleAsync(Cancel));
    }
}
