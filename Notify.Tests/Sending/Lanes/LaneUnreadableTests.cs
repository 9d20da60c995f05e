using Notify.Core.Messaging;
using Notify.Sending.Lanes;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Records that cannot be read are kept beside the traffic, and nothing waits for Postgres because of them.</summary>
public sealed class LaneUnreadableTests(PostgresServer server) : LaneTests(server)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=notify;Database=notify;Timeout=5";

    [Fact]
    public async Task While_Postgres_is_away_a_rebalance_and_a_stop_have_nothing_to_wait_for()
    {
        await using var nowhere = NpgsqlDataSource.Create(Nowhere);
        await using var lane = await RunningLane.CreateAsync(nowhere, [Provider]);
        var ended = 0;
        ConsumedRecord[] records =
        [
            .. Enumerable.Range(0, 3).Select(offset => Jobs.Unreadable(offset, () => Interlocked.Increment(ref ended))),
        ];
        lane.Run();

        var handed = lane.HandAsync(records);

        await Until.TrueAsync(() => !lane.Said.IsEmpty, "The lane waits for Postgres.", Cancel);
        Assert.True(handed.IsCompletedSuccessfully);
        Assert.All(records, record => Assert.False(record.IsWorkedOn)); // which is what a drain waits for
        records[0].Withdraw();
        Assert.Equal(1, ended);
        await lane.StopAsync();
        Assert.All(records, record => Assert.False(record.IsFinished)); // they are read again
    }

    [Fact]
    public async Task They_are_kept_when_Postgres_is_back_and_readable_ones_go_meanwhile()
    {
        await using var lane = await RunAsync();
        await Database.ExecuteAsync("ALTER TABLE dead_letters RENAME TO dead_letters_elsewhere");
        ConsumedRecord[] unreadable = [.. Enumerable.Range(40, 3).Select(offset => Jobs.Unreadable(offset))];
        var readable = await RecordsAsync(2);

        await lane.HandAsync([unreadable[0], readable[0], unreadable[1], unreadable[2]]);
        await lane.HandAsync(readable[1]);

        await FinishedAsync(readable);
        Assert.All(unreadable, record => Assert.False(record.IsFinished || record.IsWorkedOn));
        unreadable[2].Withdraw();
        await Database.ExecuteAsync("ALTER TABLE dead_letters_elsewhere RENAME TO dead_letters");
        await FinishedAsync(unreadable[..2]);
        Assert.Equal(["40", "41"], await Database.ListAsync("SELECT record_offset FROM dead_letters ORDER BY 1"));
        Assert.False(unreadable[2].IsFinished); // another account's
    }

    [Fact]
    public async Task Delivery_of_one_is_settled_although_its_letter_cannot_be_kept_yet()
    {
        await using var lane = await RunAsync();
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        await Database.ExecuteAsync("ALTER TABLE dead_letters RENAME TO dead_letters_elsewhere");
        var record = Jobs.Strange($"{{\"id\":\"{key.Id}\",\"address\":[]}}", "2", 41);

        await lane.HandAsync(record);

        await Until.TrueAsync(async () => (await StatesAsync()) is ["waiting 1"], "The delivery waits.", Cancel);
        Assert.False(record.IsFinished);
        await Database.ExecuteAsync("ALTER TABLE dead_letters_elsewhere RENAME TO dead_letters");
        await FinishedAsync(record);
    }

    [Fact]
    public async Task Those_that_went_to_other_members_do_not_pile_up()
    {
        await using var nowhere = NpgsqlDataSource.Create(Nowhere);
        await using var lane = await RunningLane.CreateAsync(nowhere, [Provider]);
        lane.Run();
        for (var rebalance = 0; rebalance < 10; rebalance++)
        {
            ConsumedRecord[] records = [.. Enumerable.Range(0, 500).Select(offset => Jobs.Unreadable(offset))];
            await lane.HandAsync(records);
            Assert.InRange(lane.UnreadableWaiting, 0, 1_000);
            foreach (var record in records)
                record.Withdraw();
        }
    }
}
