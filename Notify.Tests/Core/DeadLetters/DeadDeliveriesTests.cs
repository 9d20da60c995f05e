using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Sending;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Core.DeadLetters;

public sealed class DeadDeliveriesTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private WorkerRows Store => new(Database.Source);

    [Fact]
    public async Task Delivery_that_gives_up_leaves_a_letter_with_its_cause()
    {
        var key = Assert.Single(await Database.AddDeadAsync(code: "20429"));
        Assert.Equal(
            [$"acme delivery sms standard twilio 20429 attempts_exhausted The provider is busy. {key.Id} 1 f open"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', tenant_id, kind, channel, lane, provider, code, cause, detail, delivery_id, attempt_count, ambiguous, state) FROM dead_letters"
            )
        );
        Assert.True(
            await Database.ScalarAsync<bool>(
                "SELECT l.notification_id = d.notification_id AND l.accepted_at = d.accepted_at AND l.fingerprint ~ '^[0-9a-f]{16}$' AND l.record_value IS NULL FROM dead_letters l, deliveries d"
            )
        );
    }

    [Fact]
    public async Task Only_dead_ones_leave_letters_and_the_same_outcome_leaves_one()
    {
        var keys = await Database.AddQueuedAsync(3);
        var claims = await Store.ClaimAsync(keys, Lease, Cancel);
        SettledAttempt[] settled =
        [
            DeadRows.Died(keys[0], claims[keys[0].Id]),
            DeadRows.Died(keys[1], claims[keys[1].Id]) with
            {
                Transition = new(DeliveryState.Failed, DeliveryReasons.Refused),
            },
            DeadRows.Died(keys[2], claims[keys[2].Id] with { Fence = 7 }), // a claim that no longer counts
        ];
        await Store.SettleAsync(settled, Cancel);
        await Store.SettleAsync(settled, Cancel);
        Assert.Equal([keys[0].Id.ToString()], await Database.ListAsync("SELECT delivery_id FROM dead_letters"));
    }

    [Fact]
    public async Task Refusal_that_may_be_mended_outside_the_message_leaves_a_letter_of_a_group()
    {
        var keys = await Database.AddQueuedAsync(3);
        var claims = await Store.ClaimAsync(keys, Lease, Cancel);
        var refused = new Transition(DeliveryState.Failed, DeliveryReasons.Refused, IsMendable: true);

        await Store.SettleAsync(
            [
                .. keys.Select(key =>
                    DeadRows.Died(key, claims[key.Id], "permanent", "21612") with
                    {
                        Transition = key == keys[0] ? refused with { IsMendable = false } : refused,
                    }
                ),
            ],
            Cancel
        );

        Assert.Equal(
            ["failed refused 3"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, count(*)) FROM deliveries GROUP BY state, reason")
        );
        Assert.Equal(
            ["twilio 21612 refused 2 1 f"],
            await Database.ListAsync(
                """
                SELECT concat_ws(' ', provider, code, cause, count(*), count(DISTINCT fingerprint), bool_or(ambiguous))
                  FROM dead_letters GROUP BY provider, code, cause
                """
            )
        );
    }

    [Fact]
    public async Task Letter_and_outcome_are_written_together_or_not_at_all()
    {
        var keys = await Database.AddQueuedAsync(1);
        var claims = await Store.ClaimAsync(keys, Lease, Cancel);
        await Database.ExecuteAsync("ALTER TABLE dead_letters ADD CONSTRAINT full_up CHECK (kind <> 'delivery')");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.SettleAsync([DeadRows.Died(keys[0], claims[keys[0].Id])], Cancel));
        Assert.Equal(
            "sending 0",
            await Database.ScalarAsync<string>("SELECT state || ' ' || jsonb_array_length(attempts) FROM deliveries")
        );

        await Database.ExecuteAsync("ALTER TABLE dead_letters DROP CONSTRAINT full_up");
        await Store.SettleAsync([DeadRows.Died(keys[0], claims[keys[0].Id])], Cancel);
        Assert.Equal(
            "dead 1",
            await Database.ScalarAsync<string>("SELECT state || ' ' || (SELECT count(*) FROM dead_letters) FROM deliveries")
        );
    }

    [Fact]
    public async Task Letter_says_whether_a_provider_may_have_taken_it()
    {
        await Database.AddDeadAsync(code: "answered");
        await Database.AddDeadAsync(outcome: "ambiguous", code: "lost");
        // A worker that ended in a call left no attempt behind: its claim is all there is.
        var keys = await Database.AddQueuedAsync(1);
        await Store.ClaimAsync(keys, TimeSpan.FromSeconds(-1), Cancel);
        await LapseRows.ComeDueAsync(Database.Source, Cancel);
        var second = await Store.ClaimAsync(keys, Lease, Cancel);
        await Store.SettleAsync([DeadRows.Died(keys[0], second[keys[0].Id], code: "abandoned")], Cancel);

        Assert.Equal(
            ["abandoned t", "answered f", "lost t"],
            await Database.ListAsync("SELECT concat_ws(' ', code, ambiguous) FROM dead_letters ORDER BY code")
        );
    }

    [Fact]
    public async Task Fingerprint_is_of_tenant_place_provider_and_code()
    {
        await Database.AddDeadAsync(2);
        await Database.AddDeadAsync(code: "500");
        await Database.AddDeadAsync(provider: "other");
        await Database.AddDeadAsync(tenant: "other");
        Assert.Equal(["1", "1", "1", "2"], await Database.ListAsync("SELECT count(*) FROM dead_letters GROUP BY fingerprint ORDER BY 1"));
    }
}
