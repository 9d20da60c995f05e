using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Sending.Lanes;

/// <summary>What keeps a delivery from being sent though its provider is well, and what becomes of its record.</summary>
public sealed class LaneObstacleTests(PostgresServer server) : LaneTests(server)
{
    [Fact]
    public async Task Stopping_while_Postgres_is_away_gives_the_records_back_untouched()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=notify;Database=notify;Timeout=5");
        await using var lane = await RunningLane.CreateAsync(nowhere, [Provider]);
        var ended = 0;
        var keys = await Database.AddQueuedAsync(3);
        var records = keys.Select((key, i) => Jobs.Record(key, $"p{i}", ended: () => Interlocked.Increment(ref ended))).ToArray();
        await lane.HandAsync(records);
        lane.Run();
        await Until.TrueAsync(() => !lane.Said.IsEmpty, "The lane waits for Postgres.", Cancel);
        Assert.All(records, record => Assert.True(record.IsWorkedOn));

        await lane.StopAsync();

        Assert.All(records, record => Assert.False(record.IsWorkedOn || record.IsFinished));
        Assert.All(records, record => record.Withdraw());
        Assert.Equal(3, ended); // as one that is only held
        Assert.Empty(Provider.Calls);
        Assert.Equal(["queued 3"], await StatesAsync());
    }

    [Fact]
    public async Task Record_that_cannot_be_read_becomes_a_dead_letter_and_the_others_are_sent()
    {
        await using var lane = await RunAsync();
        var record = Assert.Single(await RecordsAsync(1));
        var unreadable = Jobs.Unreadable(offset: 41);

        await lane.HandAsync(unreadable, record);

        await FinishedAsync(unreadable, record);
        Assert.Single(Provider.Calls);
        Assert.Equal(
            ["record unreadable deliveries.sms.standard 0 41"],
            await Database.ListAsync("SELECT concat_ws(' ', kind, cause, topic, partition, record_offset) FROM dead_letters")
        );
    }

    [Fact]
    public async Task Record_of_nobody_or_of_another_version_becomes_a_dead_letter()
    {
        await using var lane = await RunAsync();
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        var (nobodys, another) = (Jobs.Record(key, "p", offset: 1), Jobs.Record(key, "p", offset: 2));
        nobodys.Headers.Remove(RecordHeaders.Tenant);
        another.Headers.Remove(RecordHeaders.SchemaVersion);
        another.Headers.With(RecordHeaders.SchemaVersion, "2");

        await lane.HandAsync(nobodys, another);

        await FinishedAsync(nobodys, another);
        Assert.Equal(
            ["1 no_tenant", "2 unknown_schema_version"],
            await Database.ListAsync("SELECT concat_ws(' ', record_offset, cause) FROM dead_letters ORDER BY 1")
        );
        Assert.Equal(
            ["waiting unreadable 1 unknown_schema_version t"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code, due_at > now()) FROM deliveries")
        );
        Assert.Empty(Provider.Calls);
    }

    [Theory]
    [InlineData("2", "unknown_schema_version")] // a newer version's, of which only the id is known
    [InlineData("1", "unreadable")]
    public async Task Delivery_whose_record_stays_unreadable_is_tried_as_often_as_it_may_cost_calls_and_has_one_letter_of_each_kind(
        string version,
        string cause
    )
    {
        await using var lane = await RunAsync(new() { MaxAttempts = 3 });
        var key = Assert.Single(await Database.AddQueuedAsync(1));

        foreach (var offset in Enumerable.Range(1, 4))
        {
            var record = Jobs.Strange($"{{\"id\":\"{key.Id}\",\"address\":[]}}", version, offset);
            await lane.HandAsync(record);
            await FinishedAsync(record);
            await Database.ExecuteAsync("UPDATE deliveries SET due_at = now() WHERE state = 'waiting'");
        }

        Assert.Equal(
            [$"dead attempts_exhausted 3 {cause} 3"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code, jsonb_array_length(attempts)) FROM deliveries")
        );
        Assert.Equal(
            [$"delivery {cause}", $"record {cause} 1", $"record {cause} 4"],
            await Database.ListAsync("SELECT concat_ws(' ', kind, coalesce(code, cause), record_offset) FROM dead_letters ORDER BY 1")
        );
    }

    [Fact]
    public async Task Delivery_that_nobody_came_back_from_so_often_gives_up_without_another_call()
    {
        await using var lane = await RunAsync(new() { MaxAttempts = 3 });
        var record = Assert.Single(await RecordsAsync(1));
        // three workers died of it
        await Database.ExecuteAsync("UPDATE deliveries SET state = 'sending', attempt = 3, fence = 3, due_at = now()");

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Empty(Provider.Calls);
        Assert.Equal(
            ["dead attempts_exhausted 3"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt) FROM deliveries")
        );
        Assert.Equal(["delivery t"], await Database.ListAsync("SELECT concat_ws(' ', kind, ambiguous) FROM dead_letters"));
    }

    [Fact]
    public async Task Call_that_does_not_end_when_the_worker_stops_is_cut_off_and_its_outcome_written()
    {
        Provider.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return Outcome.Sent("never");
        };
        await using var lane = await RunAsync(new() { StopWait = TimeSpan.FromMilliseconds(50) });
        var records = await RecordsAsync(3);
        await lane.HandAsync(records);
        await Until.TrueAsync(() => Provider.Calls.Count == 3, "The calls are under way.", Cancel);

        await lane.StopAsync();

        await FinishedAsync(records);
        Assert.Equal(
            ["waiting retry 1 stopped 3"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason, attempt, code, count(*)) FROM deliveries GROUP BY state, reason, attempt, code"
            )
        );
    }
}
