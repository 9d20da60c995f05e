using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Deliveries.Routes;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Distributed;
using Notify.Tests.Workers.Email;
using Npgsql;

namespace Notify.Tests.Core.Deliveries.Lanes;

public sealed class DeliveryLaneTests(PostgresServer server) : DatabaseTests(server)
{
    private readonly StubProvider _provider = new();
    private readonly TaskCompletionSource<Outcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Batch_is_claimed_at_once_and_each_delivery_sent_and_finished()
    {
        _provider.Answer = (_, _) => _answer.Task;
        await using var lane = await RunAsync();
        var records = await RecordsAsync(20);
        await lane.HandAsync(records);
        await UntilAsync(() => _provider.Calls.Count == 20, "All of the batch is being sent.");
        Assert.Equal(1L, await Database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM deliveries WHERE state = 'sending'"));   // one statement
        Assert.All(records, record => Assert.True(record.IsWorkedOn));

        _answer.SetResult(Outcome.Sent("SM1", segments: 2));

        await FinishedAsync(records);
        Assert.Equal(["sent 1 1 SM1 2 20"], await Database.ListAsync("SELECT concat_ws(' ', state, fence, attempt, provider_message_id, segments, count(*)) FROM deliveries GROUP BY state, fence, attempt, provider_message_id, segments"));
        Assert.Equal(20, _provider.Calls.Count);
    }

    [Theory]
    [InlineData("+15005550001", "+15005550001")]
    [InlineData("+15005550001", "+15005550002")]   // nothing but the claim tells that they are the same
    public async Task Delivery_that_comes_twice_in_a_batch_is_sent_once(string address, string again)
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        await using var lane = await CreateAsync();
        ConsumedRecord[] records = [Jobs.Record(key, address), Jobs.Record(key, again)];
        await lane.HandAsync(records);
        lane.Run();

        await FinishedAsync(records);

        Assert.Single(_provider.Calls);
        Assert.Equal(["sent 1"], await Database.ListAsync("SELECT concat_ws(' ', state, fence) FROM deliveries"));
    }

    [Fact]
    public async Task Record_of_a_delivery_that_is_settled_is_finished_without_a_call()
    {
        await using var lane = await RunAsync();
        var record = Jobs.Record(await Database.AddDeliveryAsync("cancelled"), "+15005550001");

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Empty(_provider.Calls);
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

        Assert.Equal("+15005550002", Assert.Single(_provider.Calls).To);
        Assert.All(records[..2], record => Assert.False(record.IsFinished));
        Assert.Equal(["queued 0 2", "sent 1 1"], await Database.ListAsync("SELECT concat_ws(' ', state, fence, count(*)) FROM deliveries GROUP BY state, fence ORDER BY 1"));
    }

    [Fact]
    public async Task While_the_breaker_is_open_nothing_is_claimed_and_then_all_is_sent_once()
    {
        var time = new ManualTime();
        await using var lane = await CreateAsync(time: time);
        _provider.AnswerWith(new(OutcomeKind.Misconfigured));
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(lane.Route.Members[0].TryEnter(isRetry: false, isCritical: false, out var entry));
            await lane.Route.Members[0].CallAsync(entry, Jobs.Job().Message, TimeSpan.FromMinutes(1));
        }
        _provider.Calls.Clear();
        _provider.AnswerWith(Outcome.Sent("id"));
        var records = await RecordsAsync(30);
        var late = Jobs.Record(Assert.Single(await Database.AddQueuedAsync(1)), "late", expiresAt: time.GetUtcNow());
        await lane.HandAsync([.. records, late]);
        lane.Run();
        await FinishedAsync(late);   // it was settled as expired, so the lane has looked at all of them
        Assert.Equal(["expired 1", "queued 30"], await StatesAsync());
        Assert.Equal(0L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'queued' AND (fence > 0 OR attempt > 0)"));
        Assert.Empty(_provider.Calls);
        Assert.All(records, record => Assert.False(record.IsWorkedOn));

        await Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return records.All(record => record.IsFinished);
            },
            "What was held is sent after the break.",
            Cancel);

        Assert.Equal(["expired 1", "sent 30"], await StatesAsync());
        Assert.Equal(30, _provider.Calls.Count);
        Assert.Equal(30L, await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sent' AND fence = 1 AND attempt = 1"));
    }

    [Fact]
    public async Task Where_only_one_of_two_providers_rests_its_messages_wait_as_rows_and_cost_no_attempt()
    {
        var resting = new StubProvider("resting") { Carries = message => message.To == "+15005550000" };
        var working = new StubProvider("working") { Carries = message => message.To != "+15005550000" };
        await using var lane = await RunningLane.CreateAsync(Database.Source, [resting, working]);
        resting.AnswerWith(new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromMinutes(10)));
        Assert.Null(lane.Route.Members[0].TryEnter(isRetry: false, isCritical: false, out var entry));
        await lane.Route.Members[0].CallAsync(entry, Jobs.Job().Message, TimeSpan.FromMinutes(1));
        var records = await RecordsAsync(3);
        await lane.HandAsync(records);
        lane.Run();

        await FinishedAsync(records);

        Assert.Equal(2, working.Calls.Count);
        Assert.Equal(
            ["sent 1 f", "sent 1 f", "waiting provider_paused 0 t"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, coalesce(due_at > now() + interval '9 minutes', false)) FROM deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task Passing_failure_makes_the_delivery_wait_and_finishes_its_record()
    {
        _provider.AnswerWith(new(OutcomeKind.Transient, Code: "503"));
        await using var lane = await RunAsync();
        var record = Assert.Single(await RecordsAsync(1));

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Equal(["waiting retry 1 503 t"], await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code, due_at > now()) FROM deliveries"));
    }

    [Fact]
    public async Task Message_that_no_provider_carries_waits_for_one()
    {
        await using var lane = await RunningLane.CreateAsync(Database.Source, [new StubProvider { Carries = _ => false }]);
        var record = Assert.Single(await RecordsAsync(1));
        await lane.HandAsync(record);
        lane.Run();

        await FinishedAsync(record);

        Assert.Equal(["waiting misconfigured 0 no_provider"], await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code) FROM deliveries"));
    }

    [Fact]
    public async Task Stopping_while_Postgres_is_away_gives_the_records_back_untouched()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=notify;Database=notify;Timeout=5");
        await using var lane = await RunningLane.CreateAsync(nowhere, [_provider]);
        var ended = 0;
        var keys = await Database.AddQueuedAsync(3);
        var records = keys.Select((key, i) => Jobs.Record(key, $"p{i}", ended: () => Interlocked.Increment(ref ended))).ToArray();
        await lane.HandAsync(records);
        lane.Run();
        await UntilAsync(() => !lane.Said.IsEmpty, "The lane waits for Postgres.");
        Assert.All(records, record => Assert.True(record.IsWorkedOn));

        await lane.StopAsync();

        Assert.All(records, record => Assert.False(record.IsWorkedOn || record.IsFinished));
        Assert.All(records, record => record.Withdraw());
        Assert.Equal(3, ended);   // as one that is only held
        Assert.Empty(_provider.Calls);
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
        Assert.Single(_provider.Calls);
        Assert.Equal(["record unreadable deliveries.sms.standard 0 41"], await Database.ListAsync("SELECT concat_ws(' ', kind, cause, topic, partition, record_offset) FROM dead_letters"));
    }

    [Fact]
    public async Task One_persons_messages_keep_their_order_while_others_go_past()
    {
        _provider.Answer = (message, _) => message.Text == "B" && message.To == "slow" && _provider.Calls.Count(call => call.To == "slow") == 1 ? _answer.Task : Task.FromResult(Outcome.Sent("id"));
        await using var lane = await CreateAsync();
        var keys = await Database.AddQueuedAsync(4);
        var slow = keys[..3].Select(key => Jobs.Record(key, "slow")).ToArray();
        var other = Jobs.Record(keys[3], "other");
        await lane.HandAsync([.. slow, other]);
        lane.Run();
        await FinishedAsync(other);
        Assert.Equal([keys[0].Id], SentTo("slow"));

        _answer.SetResult(Outcome.Sent("late"));

        await FinishedAsync(slow);
        Assert.Equal(keys[..3].Select(key => key.Id), SentTo("slow"));
    }

    [Fact]
    public async Task No_more_calls_run_at_a_time_than_the_option_says()
    {
        var (running, most) = (0, 0);
        using var go = new SemaphoreSlim(0);
        _provider.Answer = async (_, _) =>
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
        await UntilAsync(() => Volatile.Read(ref running) == 7, "As many calls run as may.");
        for (var sent = 0; sent < 93; sent++)
        {
            var before = _provider.Calls.Count;
            go.Release();
            await UntilAsync(() => _provider.Calls.Count > before, "The next takes the place that became free.");
        }
        go.Release(7);
        await FinishedAsync(records);

        Assert.Equal(7, most);
        Assert.Equal(["sent 100"], await StatesAsync());
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

    private Task<RunningLane> CreateAsync(DeliveryOptions? options = null, TimeProvider? time = null) => RunningLane.CreateAsync(Database.Source, [_provider], options, time);

    private async Task<RunningLane> RunAsync(DeliveryOptions? options = null)
    {
        var lane = await CreateAsync(options);
        lane.Run();
        return lane;
    }

    /// <summary>Queued deliveries to so many persons, with their records.</summary>
    private async Task<ConsumedRecord[]> RecordsAsync(int count) =>
        [.. (await Database.AddQueuedAsync(count)).Select((key, i) => Jobs.Record(key, $"+1500555{i:0000}", offset: i))];

    private IEnumerable<Guid> SentTo(string address) => _provider.Calls.Where(call => call.To == address).Select(call => call.DeliveryId);

    private Task<List<string>> StatesAsync() => Database.ListAsync("SELECT state || ' ' || count(*) FROM deliveries GROUP BY state ORDER BY 1");

    private static Task FinishedAsync(params ConsumedRecord[] records) => UntilAsync(() => records.All(record => record.IsFinished), "The records are finished.");

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(late.IsCancellationRequested, $"Not within a minute: {what}");
            await Task.Delay(2, Cancel);   // between two looks
        }
    }
}
