using Confluent.Kafka;
using Notify.Api.DeadLetters;
using Notify.Core.Auditing;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router.Release;
using Notify.Workers.Router.Replays;

namespace Notify.Tests.Workers.Router.Replays;

/// <summary>How fast a replay goes on, and how it stands and goes on again.</summary>
public sealed class ReplayPaceTests(PostgresServer server) : ReplayTests(server)
{
    [Fact]
    public async Task Rate_is_kept_whoever_takes_the_steps()
    {
        await Database.AddDeadAsync(300);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        Time.Now = TimeProvider.System.GetUtcNow();
        var (one, other) = (Store, Store);
        for (var tenth = 0; tenth <= 40; tenth++)
        {
            while (await one.StepAsync(Cancel) || await other.StepAsync(Cancel)) { }
            Assert.InRange(await Database.ScalarAsync<long>("SELECT matched FROM replays"), 5 * tenth, (5 * tenth) + 5);
            Time.Now += TimeSpan.FromMilliseconds(100);
        }
    }

    [Fact]
    public async Task Stall_is_caught_up_with_by_no_more_than_a_second()
    {
        await Database.AddDeadAsync(300);
        await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 50 }, Cancel);
        Time.Now = TimeProvider.System.GetUtcNow().AddHours(1);
        await StepAllAsync();
        Assert.InRange(await Database.ScalarAsync<long>("SELECT matched FROM replays"), 50, 55);
    }

    [Fact]
    public async Task Stopped_replay_stands_and_resumed_goes_on_where_it_stood()
    {
        await Database.AddDeadAsync(30);
        var id = await Place.AddAsync(Operator, new() { Filter = Everything.Filter, RatePerSecond = 100 }, Cancel);
        Time.Now = TimeProvider.System.GetUtcNow();
        Assert.True(await Store.StepAsync(Cancel));
        await Place.ChangeAsync(Operator, id, ReplayChange.Stop, Cancel);
        await Place.ChangeAsync(Operator, id, ReplayChange.Stop, Cancel);
        Time.Now += TimeSpan.FromMinutes(1);
        Assert.False(await Store.StepAsync(Cancel));
        Assert.Equal(10, await Database.ScalarAsync<int>("SELECT count(*)::int FROM deliveries WHERE state = 'waiting'"));

        await Place.ChangeAsync(Operator, id, ReplayChange.Resume, Cancel);
        await StepAllAsync();
        Assert.Equal(
            ["done 30 30 0"],
            await Database.ListAsync("SELECT concat_ws(' ', state, matched, replayed, skipped) FROM replays WHERE finished_at IS NOT NULL")
        );
        Assert.Equal(
            ["dead_letter.replayed 30", "replay.created 1", "replay.done 1", "replay.resumed 1", "replay.stopped 1"],
            await Database.ListAsync("SELECT concat_ws(' ', action, count(*)) FROM audit_log GROUP BY action ORDER BY 1")
        );
    }

    [Fact]
    public async Task Step_of_long_records_takes_fewer_and_the_replay_reaches_them_all()
    {
        for (var offset = 0; offset < 20; offset++)
            await KeepAsync(Incoming.Record(body: new string(' ', 900_000), time: TimeProvider.System.GetUtcNow(), offset: offset));
        await Place.AddAsync(Operator, Everything, Cancel);
        Time.Now = TimeProvider.System.GetUtcNow();

        Assert.True(await Store.StepAsync(Cancel));

        // The last of them goes over the bound.
        Assert.Equal(["running 19"], await Database.ListAsync("SELECT concat_ws(' ', state, replayed) FROM replays"));
        await StepAllAsync();
        Assert.Equal(["done 20"], await Database.ListAsync("SELECT concat_ws(' ', state, replayed) FROM replays"));
    }

    [Fact]
    public async Task Step_that_cannot_be_produced_is_taken_again()
    {
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow()));
        await Place.AddAsync(Operator, Everything, Cancel);
        Time.Now = TimeProvider.System.GetUtcNow();
        using (
            var nowhere = new ProducerBuilder<byte[], byte[]>(
                new ProducerConfig { BootstrapServers = "127.0.0.1:1", MessageTimeoutMs = 200 }
            )
                .SetLogHandler((_, _) => { })
                .Build()
        )
            await Assert.ThrowsAsync<ProduceFailedException>(() => StoreOn(new RecordProducer(nowhere), Time).StepAsync(Cancel));
        Assert.Equal(
            ["running 0 open"],
            await Database.ListAsync("SELECT concat_ws(' ', r.state, r.matched, l.state) FROM replays r, dead_letters l")
        );
        await StepAllAsync();
        Assert.Equal(
            ["done 1 replayed"],
            await Database.ListAsync("SELECT concat_ws(' ', r.state, r.matched, l.state) FROM replays r, dead_letters l")
        );
    }
}
