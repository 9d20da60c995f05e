using System.Text;
using Confluent.Kafka;
using Notify.Api.DeadLetters;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Tests.Core.DeadLetters;
using Notify.Tests.Core.Hosting;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router.Replays;

/// <summary>Records that could not be read go back to their topic.</summary>
public sealed class ReplayedRecordTests(PostgresServer server) : ReplayTests(server)
{
    [Fact]
    public async Task Record_goes_back_whole_with_the_id_that_it_would_have_had()
    {
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-3);
        var original = Incoming.Record(headers: new Headers().With("tenant", "acme").With("x", "y"), time: at, offset: 41);
        await KeepAsync(original);
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        await Database.ExecuteAsync("UPDATE dead_letters SET state = 'open', replayed_at = NULL"); // a crash between producing and marking
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();

        var records = Broker.Read(Topic);
        Assert.Equal(2, records.Count);
        var expected = (await ReadAsync(original)).Notification!.Id;
        foreach (var record in records)
        {
            Assert.Equal(Incoming.Body, Encoding.UTF8.GetString(record.Message.Value));
            Assert.Equal(("acme", "y"), (record.Message.Headers.Text("tenant"), record.Message.Headers.Text("x")));
            Assert.Equal(expected, (await ReadAsync(new ConsumedRecord(record))).Notification!.Id);
        }
        Assert.Equal(["replayed"], await Database.ListAsync("SELECT state FROM dead_letters"));
    }

    [Fact]
    public async Task Record_with_an_id_keeps_it_and_one_of_no_usable_time_gets_one_of_its_letter()
    {
        var given = UuidV7.New(TimeProvider.System.GetUtcNow()).ToString();
        await KeepAsync(Incoming.Record(headers: new Headers().With("tenant", "acme").With("notification-id", given), offset: 1));
        await KeepAsync(Incoming.Record(headers: new Headers().With("tenant", "acme"), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        var ids = new List<Guid>();
        foreach (var record in Broker.Read(Topic))
            ids.Add((await ReadAsync(new ConsumedRecord(record))).Notification!.Id);
        Assert.Equal(2, ids.Count);
        Assert.Contains(Guid.Parse(given), ids);
        var made = UuidV7.TimeOf(ids.Single(id => id.ToString() != given));
        Assert.InRange(made, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Record_that_kafka_will_never_take_is_skipped()
    {
        await KeepAsync(Incoming.Record(body: new string(' ', 1_000_000), time: TimeProvider.System.GetUtcNow(), offset: 1));
        await KeepAsync(Incoming.Record(time: TimeProvider.System.GetUtcNow(), offset: 2));
        await Place.AddAsync(Operator, Everything, Cancel);
        await StepAllAsync();
        Assert.Equal(["1 1"], await Database.ListAsync("SELECT concat_ws(' ', replayed, skipped) FROM replays"));
        Assert.Equal(
            ["not_produced"],
            await Database.ListAsync("SELECT details->>'reason' FROM audit_log WHERE action = 'dead_letter.skipped'")
        );
    }
}
