using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Sending.Lanes;

/// <summary>The way of a delivery through its lane, and how many go together.</summary>
public sealed class DeliveryLaneTests(PostgresServer server) : LaneTests(server)
{
    [Fact]
    public async Task Batch_is_claimed_at_once_and_each_delivery_sent_and_finished()
    {
        Provider.Answer = (_, _) => AnswerLater.Task;
        await using var lane = await RunAsync();
        var records = await RecordsAsync(20);
        await lane.HandAsync(records);
        await Until.TrueAsync(() => Provider.Calls.Count == 20, "All of the batch is being sent.", Cancel);
        // one statement
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM deliveries WHERE state = 'sending'"));
        Assert.All(records, record => Assert.True(record.IsWorkedOn));

        AnswerLater.SetResult(Outcome.Sent("SM1", segments: 2));

        await FinishedAsync(records);
        Assert.Equal(
            ["sent 1 1 SM1 2 20"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, fence, attempt, provider_message_id, segments, count(*)) FROM deliveries GROUP BY state, fence, attempt, provider_message_id, segments"
            )
        );
        Assert.Equal(20, Provider.Calls.Count);
    }

    [Theory]
    [InlineData("+15005550001", "+15005550001")]
    [InlineData("+15005550001", "+15005550002")] // nothing but the claim tells that they are the same
    public async Task Delivery_that_comes_twice_in_a_batch_is_sent_once(string address, string again)
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        await using var lane = await CreateAsync();
        ConsumedRecord[] records = [Jobs.Record(key, address), Jobs.Record(key, again)];
        await lane.HandAsync(records);
        lane.Run();

        await FinishedAsync(records);

        Assert.Single(Provider.Calls);
        Assert.Equal(["sent 1"], await Database.ListAsync("SELECT concat_ws(' ', state, fence) FROM deliveries"));
    }

    [Fact]
    public async Task Record_of_a_delivery_that_is_settled_is_finished_without_a_call()
    {
        await using var lane = await RunAsync();
        var record = Jobs.Record(await Database.AddDeliveryAsync("cancelled"), "+15005550001");

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Empty(Provider.Calls);
    }

    [Fact]
    public async Task Record_that_went_to_another_member_is_not_sent_and_the_rest_goes_on()
    {
        await using var lane = await CreateAsync(new() { StandardConcurrency = 1 });
        var records = await RecordsAsync(3);
        await lane.HandAsync(records);
        records[0].Withdraw();
        records[1].Withdraw();
        lane.Run();

        await FinishedAsync(records[2]);

        Assert.Equal("+15005550002", Assert.Single(Provider.Calls).To);
        Assert.All(records[..2], record => Assert.False(record.IsFinished));
        Assert.Equal(
            ["queued 0 2", "sent 1 1"],
            await Database.ListAsync("SELECT concat_ws(' ', state, fence, count(*)) FROM deliveries GROUP BY state, fence ORDER BY 1")
        );
    }

    [Fact]
    public async Task Passing_failure_makes_the_delivery_wait_and_finishes_its_record()
    {
        Provider.AnswerWith(new(OutcomeKind.Transient, Code: "503"));
        await using var lane = await RunAsync();
        var record = Assert.Single(await RecordsAsync(1));

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Equal(
            ["waiting retry 1 503 t"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code, due_at > now()) FROM deliveries")
        );
    }

    [Fact]
    public async Task One_persons_messages_keep_their_order_while_others_go_past()
    {
        Provider.Answer = (message, _) =>
            message.Text == "B" && message.To == "slow" && Provider.Calls.Count(call => call.To == "slow") == 1
                ? AnswerLater.Task
                : Task.FromResult(Outcome.Sent("id"));
        await using var lane = await CreateAsync();
        var keys = await Database.AddQueuedAsync(4);
        var slow = keys[..3].Select(key => Jobs.Record(key, "slow")).ToArray();
        var other = Jobs.Record(keys[3], "other");
        await lane.HandAsync([.. slow, other]);
        lane.Run();
        await FinishedAsync(other);
        Assert.Equal([keys[0].Id], SentTo("slow"));

        AnswerLater.SetResult(Outcome.Sent("late"));

        await FinishedAsync(slow);
        Assert.Equal(keys[..3].Select(key => key.Id), SentTo("slow"));
    }

    [Fact]
    public async Task No_more_calls_run_at_a_time_than_the_option_says()
    {
        var (running, most) = (0, 0);
        using var go = new SemaphoreSlim(0);
        Provider.Answer = async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, now, seen);
            await go.WaitAsync(Cancel);
            Interlocked.Decrement(ref running);
            return Outcome.Sent("id");
        };
        await using var lane = await RunAsync(new() { StandardConcurrency = 7 });
        var records = await RecordsAsync(100);
        foreach (var part in records.Chunk(25))
            await lane.HandAsync(part);
        await Until.TrueAsync(() => Volatile.Read(ref running) == 7, "As many calls run as may.", Cancel);
        for (var sent = 0; sent < 93; sent++)
        {
            var before = Provider.Calls.Count;
            go.Release();
            await Until.TrueAsync(() => Provider.Calls.Count > before, "The next takes the place that became free.", Cancel);
        }
        go.Release(7);
        await FinishedAsync(records);

        Assert.Equal(7, most);
        Assert.Equal(["sent 100"], await StatesAsync());
    }

    private IEnumerable<Guid> SentTo(string address) => Provider.Calls.Where(call => call.To == address).Select(call => call.DeliveryId);
}
