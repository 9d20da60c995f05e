using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Notify.Core.Notifications;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Records of an older and of a newer release lie in the topics together while the services are restarted one after
/// another.</summary>
[Collection(FaultTests.Name)]
public sealed class F39VersionsTests(FaultApp app, ITestOutputHelper output)
{
    private const string Intake = "notifications.standard";
    private const string Outbound = "deliveries.sms.standard";
    private const string FutureField = "addedByALaterRelease";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F39", quick: false)]
    public async Task Older_and_newer_records_are_delivered_once_and_unknown_fields_are_kept()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F39", 120);
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = run.Notify.Kafka, LingerMs = 0 }
        ).Build();
        var rolling = RollAsync(run);
        var newer = new List<Guid>();
        foreach (var (index, parcel) in Enumerable.Range(0, run.Count).Select(index => (index, Parcel.Email(run.Category))))
        {
            var id = UuidV7.New(TimeProvider.System.GetUtcNow());
            await ProduceAsync(producer, parcel, id, isNewer: index % 2 == 1);
            run.Load.Accepted[id] = parcel;
            if (index % 2 == 1)
                newer.Add(id);
            await Task.Delay(run.Moment(TimeSpan.FromMilliseconds(60)), Cancel);
        }
        await rolling;
        var copies = await NewerCopiesAsync(run, producer);
        run.FaultEnded();
        var kept = await KeptAsync(run, newer);
        var balance = await run.EndAsync(
            ("newer", newer.Count),
            ("unknownFieldsKept", kept),
            ("newerDeliveryRecords", copies.Count),
            ("copiesRefused", await RefusedAsync(run, copies))
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
        Assert.Equal(newer.Count, kept);
        Assert.Equal(0, await RefusedAsync(run, copies));
    }

    private static async Task RollAsync(FaultRun run)
    {
        foreach (var instance in run.Instances.Of("router").Concat(run.Instances.Of("email")))
        {
            await run.Instances.ReviveAsync(instance, Cancel);
            await run.Instances.HealthyAsync(["router", "email"], Cancel);
        }
    }

    private static Task ProduceAsync(IProducer<byte[], byte[]> producer, Parcel parcel, Guid id, bool isNewer)
    {
        var value = JsonSerializer.SerializeToNode(parcel.Request)!.AsObject();
        var headers = new Headers
        {
            { "notification-id", Encoding.ASCII.GetBytes(id.ToString()) },
            { "tenant", "development"u8.ToArray() },
        };
        if (isNewer)
        {
            value[FutureField] = new JsonObject { ["a"] = 1 };
            headers.Add("schema-version", "1"u8.ToArray());
            headers.Add("x-added-later", "1"u8.ToArray());
        } // the older one names no version at all
        return producer.ProduceAsync(
            Intake,
            new Message<byte[], byte[]>
            {
                Key = Encoding.ASCII.GetBytes(parcel.Address),
                Value = Encoding.UTF8.GetBytes(value.ToJsonString()),
                Headers = headers,
            },
            Cancel
        );
    }

    /// <summary>What a newer router would produce: the same deliveries once more, with a field and a header that this release does not
    /// know.</summary>
    private static async Task<List<TopicPartitionOffset>> NewerCopiesAsync(FaultRun run, IProducer<byte[], byte[]> producer)
    {
        const int Texts = 10;
        var sms = run.Instances.Single("sms");
        await run.Instances.StopAsync(sms, Cancel);
        using var tap = new TopicTap(run.Notify.Kafka, Outbound);
        var parcels = Enumerable.Range(0, Texts).Select(_ => Parcel.Sms(run.Category)).ToArray();
        await run.Load.PostBatchesAsync(parcels, Texts, Cancel);
        var copies = new List<TopicPartitionOffset>();
        foreach (var record in await tap.ReadAsync("4915", Texts, Cancel))
        {
            var value = JsonNode.Parse(record.Message.Value)!.AsObject();
            value[FutureField] = new JsonArray(1, 2);
            record.Message.Headers.Add("x-added-later", "1"u8.ToArray());
            copies.Add(
                (
                    await producer.ProduceAsync(
                        Outbound,
                        new Message<byte[], byte[]>
                        {
                            Key = record.Message.Key,
                            Value = Encoding.UTF8.GetBytes(value.ToJsonString()),
                            Headers = record.Message.Headers,
                        },
                        Cancel
                    )
                ).TopicPartitionOffset
            );
        }
        await run.Instances.StartAsync(sms, Cancel);
        await run.Instances.HealthyAsync(["sms"], Cancel);
        return copies;
    }

    private static async Task<int> KeptAsync(FaultRun run, List<Guid> ids) =>
        Assert.Single(
            await Until.GetAsync(
                async () =>
                    await run.Notify.QueryAsync(
                        "SELECT count(*)::int FROM notifications WHERE notification_id = ANY (@ids) AND position(@field::bytea IN request) > 0",
                        reader => reader.GetInt32(0),
                        Cancel,
                        new NpgsqlParameter("ids", ids.ToArray()),
                        new NpgsqlParameter("field", Encoding.UTF8.GetBytes(FutureField))
                    )
                        is [var count]
                    && count == ids.Count
                        ? new[] { count }
                        : null,
                _ => "every newer notification is routed",
                Cancel
            )
        );

    private static async Task<int> RefusedAsync(FaultRun run, List<TopicPartitionOffset> copies) =>
        Assert.Single(
            await run.Notify.QueryAsync(
                "SELECT count(*)::int FROM dead_letters WHERE topic = @topic AND (partition, record_offset) IN (SELECT * FROM unnest(@partitions, @offsets))",
                reader => reader.GetInt32(0),
                Cancel,
                new NpgsqlParameter("topic", Outbound),
                new NpgsqlParameter("partitions", copies.Select(copy => copy.Partition.Value).ToArray()),
                new NpgsqlParameter("offsets", copies.Select(copy => copy.Offset.Value).ToArray())
            )
        );
}
