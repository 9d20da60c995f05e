using Microsoft.Extensions.Logging.Abstractions;
using Notify.Api.DeadLetters;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Sending;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Deliveries;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router;
using Notify.Workers.Router.Intake;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Replays;

namespace Notify.Tests.Workers.Router.Replays;

/// <summary>Which letters a replay takes, and that it takes each once.</summary>
public sealed class ReplayStoreTests(PostgresServer server) : ReplayTests(server)
{
    [Fact]
    public async Task Ten_thousand_replayed_twice_at_once_are_released_once_each_and_written_down_each_time()
    {
        var keys = await Database.AddDeadAsync(10_000);
        var fingerprint = await Database.ScalarAsync<string>("SELECT DISTINCT fingerprint FROM dead_letters");
        for (var i = 0; i < 2; i++)
            await Place.AddAsync(Operator, new() { Fingerprint = fingerprint, RatePerSecond = 10_000 }, Cancel);

        await RunUntilDoneAsync(runners: 2);

        Assert.Equal(["10000 10000"], await Database.ListAsync("SELECT DISTINCT matched || ' ' || (replayed + skipped) FROM replays"));
        Assert.Equal(10_000m, await Database.ScalarAsync<decimal>("SELECT sum(replayed) FROM replays"));
        Assert.Equal(
            ["waiting replay 10000"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, count(*)) FROM deliveries GROUP BY state, reason")
        );
        Assert.Equal(
            ["dead_letter.replayed 10000 10000", "dead_letter.skipped 10000 10000", "replay.created 2 2", "replay.done 2 2"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', action, count(*), count(DISTINCT subject)) FROM audit_log WHERE actor = 'ops' GROUP BY action ORDER BY 1"
            )
        );
        Assert.Equal(
            ["already_replayed"],
            await Database.ListAsync("SELECT DISTINCT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'")
        );
        // Each entry names the replay that the letter itself names.
        // thousands against thousands, which would otherwise be compared one by one
        await Database.ExecuteAsync("ANALYZE dead_letters, audit_log");
        Assert.Equal(
            0L,
            await Database.ScalarAsync<long>(
                "SELECT count(*) FROM dead_letters l WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.subject = l.dead_letter_id::text AND a.action = 'dead_letter.replayed' AND a.details->>'replay' = l.last_replay_id::text AND a.details->>'delivery' = l.delivery_id::text)"
            )
        );

        var third = await Place.AddAsync(Operator, new() { Fingerprint = fingerprint, RatePerSecond = 10_000 }, Cancel);
        await RunUntilDoneAsync(runners: 1);
        Assert.Equal(["0"], await Database.ListAsync($"SELECT matched FROM replays WHERE replay_id = '{third}'"));

        var pump = new Releaser(
            Database.Source,
            new(Database.Source, TimeProvider.System),
            new(),
            Days,
            Deliveries(Broker.Producer),
            Metrics,
            TimeProvider.System,
            NullLogger<Releaser>.Instance
        );
        while ((await pump.ReleaseDueAsync([new("sms", "standard", 2_000, false)], lapsedToo: true, Cancel)).Count > 0) { }
        var produced = Broker
            .Read("deliveries.sms.standard")
            .ConvertAll(record =>
                System.Text.Json.JsonSerializer.Deserialize(record.Message.Value, DeliveryJson.Default.DeliveryRecord)!.Id
            );
        Assert.Equal(keys.Select(key => key.Id).Order(), produced.Order());
    }

    [Theory]
    [InlineData(false, "1 2")]
    [InlineData(true, "3 0")]
    public async Task What_a_provider_may_have_taken_is_sent_again_only_when_asked_for(bool include, string expected)
    {
        await Database.AddDeadAsync(1);
        await Database.AddDeadAsync(2, outcome: "ambiguous");
        await Place.AddAsync(
            Operator,
            new()
            {
                Filter = Everything.Filter,
                RatePerSecond = 10_000,
                IncludeAmbiguous = include,
            },
            Cancel
        );
        await StepAllAsync();
        Assert.Equal([expected], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(
            include ? [] : ["ambiguous 2"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', details->>'reason', count(*)) FROM audit_log WHERE action = 'dead_letter.skipped' GROUP BY details->>'reason'"
            )
        );
        Assert.Equal(
            include ? 0 : 2,
            await Database.ScalarAsync<int>("SELECT count(*)::int FROM dead_letters WHERE state = 'open' AND ambiguous")
        );
    }

    [Fact]
    public async Task Released_delivery_has_all_its_calls_and_an_hour_again_and_dies_as_a_letter_of_its_own()
    {
        var key = Assert.Single(await Database.AddDeadAsync(expires: "now() - interval '1 day'"));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.True(
            await Database.ScalarAsync<bool>(
                "SELECT attempt = 0 AND due_at <= now() AND expires_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes' AND jsonb_array_length(attempts) = 1 FROM deliveries"
            )
        );

        var deliveries = new WorkerRows(Database.Source);
        var claims = await deliveries.ClaimAsync([key], TimeSpan.FromMinutes(1), Cancel);
        await deliveries.SettleAsync([DeadRows.Died(key, claims[key.Id])], Cancel);
        Assert.Equal(
            ["open 2 f", "replayed 1 f"],
            await Database.ListAsync("SELECT concat_ws(' ', state, attempt_count, ambiguous) FROM dead_letters ORDER BY 1")
        );
    }

    [Fact]
    public async Task Refused_delivery_is_released_like_a_dead_one()
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        var deliveries = new WorkerRows(Database.Source);
        var claims = await deliveries.ClaimAsync([key], TimeSpan.FromMinutes(1), Cancel);
        await deliveries.SettleAsync(
            [
                DeadRows.Died(key, claims[key.Id], "permanent") with
                {
                    Transition = new(DeliveryState.Failed, DeliveryReasons.Refused, IsMendable: true),
                },
            ],
            Cancel
        );

        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();

        Assert.Equal(["waiting replay 0"], await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt) FROM deliveries"));
        Assert.Equal(["1 0"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
    }

    [Fact]
    public async Task Delivery_that_is_not_dead_is_left_whatever_its_letter_says()
    {
        await Database.AddDeadAsync(2);
        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sent'");
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.Equal(["0 2"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(
            ["not_dead", "not_dead"],
            await Database.ListAsync("SELECT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'")
        );
        Assert.Equal(["sent 2"], await Database.ListAsync("SELECT concat_ws(' ', state, count(*)) FROM deliveries GROUP BY state"));
    }

    [Fact]
    public async Task Replay_takes_what_it_asks_for_of_its_own_tenant()
    {
        await Database.AddDeadAsync(3, code: "a");
        await Database.AddDeadAsync(2, code: "b");
        await Database.AddDeadAsync(2, code: "a", tenant: "other");
        var one = Guid.Parse(
            await Database.ScalarAsync<string>("SELECT min(dead_letter_id::text) FROM dead_letters WHERE tenant_id = 'acme' AND code = 'b'")
        );
        await Place.AddAsync(Operator, new() { Ids = [one], RatePerSecond = 10_000 }, Cancel);
        await StepAllAsync();
        Assert.Equal(["b 1"], await OpenAndReplayedAsync());

        await Place.AddAsync(
            Operator,
            new()
            {
                Filter = new()
                {
                    Code = "a",
                    Kind = "delivery",
                    Channel = "sms",
                    Provider = "twilio",
                    Cause = "attempts_exhausted",
                },
                RatePerSecond = 10_000,
            },
            Cancel
        );
        await Place.AddAsync(Operator, new() { Ids = [one], RatePerSecond = 10_000 }, Cancel);
        await StepAllAsync();
        Assert.Equal(["a 3", "b 1"], await OpenAndReplayedAsync());
        Assert.Equal(["0 1", "1 0", "3 0"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays ORDER BY 1"));

        Task<List<string>> OpenAndReplayedAsync() =>
            Database.ListAsync("SELECT concat_ws(' ', code, count(*)) FROM dead_letters WHERE state = 'replayed' GROUP BY code ORDER BY 1");
    }

    [Fact]
    public async Task Letter_that_comes_later_is_not_part_of_a_replay()
    {
        await Database.AddDeadAsync(10);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        await Database.AddDeadAsync(10, code: "later");
        await StepAllAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["later"], await Database.ListAsync("SELECT DISTINCT code FROM dead_letters WHERE state = 'open'"));
    }
}
