using Notify.Core.Messaging;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Distributed;
using Npgsql;

namespace Notify.Tests.Core.Deliveries.Lanes;

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
        Assert.Equal(3, ended);   // as one that is only held
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
        Assert.Equal(["record unreadable deliveries.sms.standard 0 41"], await Database.ListAsync("SELECT concat_ws(' ', kind, cause, topic, partition, record_offset) FROM dead_letters"));
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
        Assert.Equal(["1 no_tenant", "2 unknown_schema_version"], await Database.ListAsync("SELECT concat_ws(' ', record_offset, cause) FROM dead_letters ORDER BY 1"));
        Assert.Equal(["queued 1"], await StatesAsync());
    }
}
