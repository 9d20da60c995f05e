using System.Collections.Concurrent;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Sms;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Messages are made in the attempt: after the claim, and only for what is sent.</summary>
public sealed class LaneRenderTests(PostgresServer server) : LaneTests(server)
{
    private readonly ConcurrentQueue<Guid> _rendered = [];

    [Fact]
    public async Task Nothing_is_rendered_before_it_is_claimed()
    {
        await using var lane = await CreateAsync(Note);
        var queued = await RecordsAsync(3);
        var cancelled = Jobs.Record(await Database.AddDeliveryAsync("cancelled"), "+15005550099");

        await lane.HandAsync([.. queued, cancelled]); // as the consume thread does
        Assert.Empty(_rendered);
        lane.Run();

        await FinishedAsync([.. queued, cancelled]);
        Assert.Equal(Provider.Calls.Select(call => call.DeliveryId).Order(), _rendered.Order());
        Assert.Equal(3, _rendered.Count);
    }

    [Fact]
    public async Task Delivery_that_cannot_be_rendered_waits_by_its_claimed_row_and_leaves_one_letter()
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1));
        await using var lane = await CreateAsync(Break, new() { MaxAttempts = 2 });
        lane.Run();
        var first = Jobs.Record(key, "+15005550001");

        await lane.HandAsync(first);

        await FinishedAsync(first);
        Assert.Equal(["waiting unreadable 1 t"], await RowsAsync());
        Assert.Equal(["record failed"], await LettersAsync());

        await Database.ExecuteAsync("UPDATE deliveries SET due_at = now()"); // the time passes
        var second = Jobs.Record(key, "+15005550001", attempt: 1, offset: 8);
        await lane.HandAsync(second);

        await FinishedAsync(second);
        Assert.Equal(["dead attempts_exhausted 2"], await RowsAsync());
        Assert.Equal(["delivery attempts_exhausted", "record failed"], await LettersAsync()); // the record's once, then the delivery's
        Assert.Empty(Provider.Calls);
        Assert.Equal(
            ["none not_called failed"],
            await Database.ListAsync(
                "SELECT DISTINCT concat_ws(' ', a->>'provider', a->>'outcome', a->>'code') FROM deliveries, jsonb_array_elements(attempts) a"
            )
        );
    }

    [Fact]
    public async Task Others_are_sent_beside_one_that_cannot_be_rendered()
    {
        await using var lane = await CreateAsync(record => record.Address.EndsWith('1') ? Break(record) : SmsMessage.Of(record));
        lane.Run();
        var records = await RecordsAsync(3); // to …0, …1 and …2

        await lane.HandAsync(records);

        await FinishedAsync(records);
        Assert.Equal(["sent 2", "waiting 1"], await StatesAsync());
    }

    [Fact]
    public async Task What_has_expired_is_not_rendered()
    {
        var key = Assert.Single(await Database.AddQueuedAsync(1, expires: "now()"));
        await using var lane = await CreateAsync(Note);
        lane.Run();
        var record = Jobs.Record(key, "+15005550001", TimeProvider.System.GetUtcNow());

        await lane.HandAsync(record);

        await FinishedAsync(record);
        Assert.Empty(_rendered);
        Assert.Equal(["expired 1"], await StatesAsync());
    }

    private Task<RunningLane> CreateAsync(Func<DeliveryRecord, SmsMessage> render, DeliveryOptions? options = null) =>
        RunningLane.CreateAsync(Database.Source, [Provider], options, render: render);

    private SmsMessage Note(DeliveryRecord record)
    {
        _rendered.Enqueue(record.Id);
        return SmsMessage.Of(record);
    }

    private static SmsMessage Break(DeliveryRecord record) => throw new InvalidOperationException("not this one");

    private Task<List<string>> RowsAsync() =>
        Database.ListAsync("SELECT concat_ws(' ', state, reason, attempt, due_at > now()) FROM deliveries");

    private Task<List<string>> LettersAsync() => Database.ListAsync("SELECT concat_ws(' ', kind, cause) FROM dead_letters ORDER BY 1");
}
