using System.Collections.Concurrent;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>A lane whose sender has no provider: it keeps messages itself, as an inbox does.</summary>
public sealed class LaneSenderTests(PostgresServer server) : LaneTests(server)
{
    private readonly Inbox _inbox = new();

    [Fact]
    public async Task Message_is_delivered_and_its_row_names_the_sender()
    {
        await using var lane = await StartAsync();
        var records = await RecordsAsync(20);

        await lane.HandAsync(records);

        await FinishedAsync(records);
        Assert.Equal(20, _inbox.Messages.Select(message => message.DeliveryId).Distinct().Count());
        Assert.Equal(
            ["sent inbox 1 20"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', state, provider, attempt, count(*)) FROM deliveries GROUP BY state, provider, attempt"
            )
        );
    }

    [Fact]
    public async Task Delivery_that_has_expired_is_not_delivered()
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1, expires: "now()"));
        await using var lane = await StartAsync();
        var record = Jobs.Record(key, "+15005550001", TimeProvider.System.GetUtcNow());

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Empty(_inbox.Messages);
        Assert.Equal(["expired expired 0"], await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt) FROM deliveries"));
    }

    [Fact]
    public async Task Passing_fault_is_retried_on_the_schedule_of_the_channel()
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        _inbox.Faults.Enqueue(new(OutcomeKind.Transient, Code: "away"));
        await using var lane = await StartAsync();
        var first = Jobs.Record(key, "+15005550001");

        await lane.HandAsync(first);

        await FinishedAsync(first);
        Assert.Equal(
            ["waiting retry 1 away t"],
            await Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, code, due_at > now()) FROM deliveries")
        );
        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now()"); // the time passes

        var again = Jobs.Record(key, "+15005550001", attempt: 1, offset: 8);
        await lane.HandAsync(again);

        await FinishedAsync(again);
        Assert.Equal(key.Id, Assert.Single(_inbox.Messages).DeliveryId);
        Assert.Equal(["sent 2"], await Database.ListAsync("SELECT concat_ws(' ', state, attempt) FROM deliveries"));
    }

    private async Task<RunningLane> StartAsync()
    {
        var lane = await RunningLane.CreateAsync(Database.Source, _inbox, new DeliveryOptions());
        lane.Run();
        return lane;
    }

    private sealed class Inbox : ISender<SmsMessage>, IAccount
    {
        public string Name => "inbox";

        public IReadOnlyList<IAccount> Accounts => [this];

        public ConcurrentQueue<SmsMessage> Messages { get; } = [];

        public ConcurrentQueue<Outcome> Faults { get; } = [];

        public Obstacle? TryEnter(
            DeliveryTarget target,
            bool isRetry,
            bool isCritical,
            out Entry? entry,
            bool isLastCall = false,
            Dictionary<IAccount, Obstacle>? awaited = null
        )
        {
            entry = new Entry(this);
            return null;
        }

        public Task<Outcome?> CallAsync(Entry entry, DeliveryTarget target, SmsMessage message, TimeSpan limit, CancellationToken cutOff)
        {
            if (Faults.TryDequeue(out var fault))
                return Task.FromResult<Outcome?>(fault);
            Messages.Enqueue(message);
            return Task.FromResult<Outcome?>(Outcome.Sent(providerMessageId: null));
        }
    }
}
