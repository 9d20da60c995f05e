using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Providers;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>What becomes of a delivery whose provider rests, has just failed, or does not carry it.</summary>
public sealed class LaneProviderTests(PostgresServer server) : LaneTests(server)
{
    private static readonly Outcome s_down = new(OutcomeKind.Transient, Code: "503");

    [Fact]
    public async Task While_the_breaker_is_open_nothing_is_claimed_and_then_all_is_sent_once()
    {
        var time = new ManualTime();
        await using var lane = await CreateAsync(time: time);
        Provider.AnswerWith(new(OutcomeKind.Misconfigured));
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(lane.Providers.Accounts[0].TryEnter(isRetry: false, isCritical: false, out var entry));
            await lane.Providers.Accounts[0].CallAsync(entry, Jobs.Message, TimeSpan.FromMinutes(1), Cancel);
        }
        Provider.Calls.Clear();
        Provider.AnswerWith(Outcome.Sent("id"));
        var records = await RecordsAsync(30);
        var late = Jobs.Record(Assert.Single(await Database.AddQueuedAsync(1)), "late", expiresAt: time.GetUtcNow());
        await lane.HandAsync([.. records, late]);
        lane.Run();
        await FinishedAsync(late); // it was settled as expired, so the lane has looked at all of them
        Assert.Equal(["expired 1", "queued 30"], await StatesAsync());
        Assert.Equal(
            0L,
            await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'queued' AND (fence > 0 OR attempt > 0)")
        );
        Assert.Empty(Provider.Calls);
        Assert.All(records, record => Assert.False(record.IsWorkedOn));

        await Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return records.All(record => record.IsFinished);
            },
            "What was held is sent after the break.",
            Cancel
        );

        Assert.Equal(["expired 1", "sent 30"], await StatesAsync());
        Assert.Equal(30, Provider.Calls.Count);
        Assert.Equal(
            30L,
            await Database.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE state = 'sent' AND fence = 1 AND attempt = 1")
        );
    }

    [Fact]
    public async Task Call_that_finds_the_provider_still_down_costs_its_delivery_no_attempt()
    {
        var time = new ManualTime();
        await using var lane = await CreateAsync(new() { Breaker = new() { MinimumCalls = 2 } }, time);
        Provider.AnswerWith(s_down);
        await OpenAsync(lane.Providers.Accounts[0]);
        var record = Assert.Single(await RecordsAsync(1));
        await lane.HandAsync(record);
        lane.Run();

        await FinishedAsync(time, record);

        Assert.Equal(
            ["waiting provider_paused 0 transient t"],
            await Database.ListAsync(
                $"""
                SELECT concat_ws(' ', state, reason, attempt, attempts -> -1 ->> 'outcome', due_at BETWEEN '{lane.Providers.PausedUntil:O}' AND '{lane.Providers.PausedUntil
                    + TimeSpan.FromSeconds(5):O}') FROM deliveries
                """
            )
        );
    }

    [Fact]
    public async Task Delivery_with_one_call_left_lets_another_find_out_whether_the_provider_works_again()
    {
        var time = new ManualTime();
        await using var lane = await CreateAsync(
            new()
            {
                MaxAttempts = 6,
                Breaker = new() { MinimumCalls = 2, Break = TimeSpan.FromMinutes(1) },
            },
            time
        );
        Provider.AnswerWith(s_down);
        await OpenAsync(lane.Providers.Accounts[0]);
        time.Advance(TimeSpan.FromMinutes(2));
        Provider.AnswerWith(new(OutcomeKind.Ambiguous, Code: "503"));
        var keys = await Database.AddQueuedAsync(3);
        await Database.ExecuteAsync($"UPDATE deliveries SET attempt = CASE WHEN delivery_id = '{keys[2].Id}' THEN 4 ELSE 5 END");
        var records = keys.Select((key, i) => Jobs.Record(key, $"+1500555{i:0000}", offset: i, attempt: i < 2 ? 5 : 4)).ToArray();

        await lane.HandAsync(records);
        lane.Run();
        await FinishedAsync(time, records);

        Assert.Equal(
            ["waiting provider_paused 5 t", "waiting provider_paused 5 t", "waiting retry 5 t"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, due_at IS NOT NULL) FROM deliveries ORDER BY 1")
        );
    }

    [Fact]
    public async Task Delivery_whose_call_found_one_provider_down_goes_to_the_other_soon()
    {
        var (time, down, working) = (new ManualTime(), new StubProvider("down"), new StubProvider("working"));
        await using var lane = await RunningLane.CreateAsync(
            Database.Source,
            [down, working],
            new()
            {
                Breaker = new()
                {
                    MinimumCalls = 2,
                    Break = TimeSpan.FromMinutes(10),
                    MaxBreak = TimeSpan.FromHours(1),
                },
            },
            time
        );
        down.AnswerWith(s_down);
        await OpenAsync(lane.Providers.Accounts[0]);
        time.Advance(TimeSpan.FromMinutes(12));
        var records = await RecordsAsync(20); // enough for one to be asked of whichever comes second
        await lane.HandAsync(records);
        lane.Run();

        await FinishedAsync(time, records);

        Assert.Equal(3, down.Calls.Count);
        Assert.True(lane.Providers.Accounts[0].PausedUntil > time.GetUtcNow().AddSeconds(2));
        Assert.Equal(
            ["sent 1", "waiting provider_paused 0 t"],
            await Database.ListAsync(
                $"SELECT DISTINCT concat_ws(' ', state, reason, attempt, due_at <= '{time.GetUtcNow().AddSeconds(1):O}') FROM deliveries ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Where_only_one_of_two_providers_rests_its_messages_wait_as_rows_and_cost_no_attempt()
    {
        var resting = new StubProvider("resting") { Carries = target => target.Address == "+15005550000" };
        var working = new StubProvider("working") { Carries = target => target.Address != "+15005550000" };
        await using var lane = await RunningLane.CreateAsync(Database.Source, [resting, working]);
        resting.AnswerWith(new(OutcomeKind.Throttled, RetryAfter: TimeSpan.FromMinutes(10)));
        Assert.Null(lane.Providers.Accounts[0].TryEnter(isRetry: false, isCritical: false, out var entry));
        await lane.Providers.Accounts[0].CallAsync(entry, Jobs.Message, TimeSpan.FromMinutes(1), Cancel);
        var records = await RecordsAsync(3);
        await lane.HandAsync(records);
        lane.Run();

        await FinishedAsync(records);

        Assert.Equal(2, working.Calls.Count);
        Assert.Equal(
            ["sent 1 f", "sent 1 f", "waiting provider_paused 0 t"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, reason, attempt, coalesce(due_at > now() + interval '9 minutes', false)) FROM deliveries ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Message_that_no_provider_carries_waits_for_one()
    {
        await using var lane = await RunningLane.CreateAsync(Database.Source, [new StubProvider { Carries = _ => false }]);
        var record = Assert.Single(await RecordsAsync(1));
        await lane.HandAsync(record);
        lane.Run();

        await FinishedAsync(record);

        Assert.Equal(
            ["waiting no_provider 0 0 []"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, fence, attempts) FROM deliveries")
        );
    }

    private static async Task OpenAsync(ProviderAccount<SmsMessage> account)
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(account.TryEnter(isRetry: false, isCritical: false, out var entry));
            await account.CallAsync(entry, Jobs.Message, TimeSpan.FromMinutes(1), Cancel);
        }
        Assert.Equal(ProviderStanding.Open, account.Standing.State);
    }

    private static Task FinishedAsync(ManualTime time, params ConsumedRecord[] records) =>
        Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return records.All(record => record.IsFinished); // outcomes are gathered for a moment, by this clock
            },
            "The records are finished.",
            Cancel
        );
}
