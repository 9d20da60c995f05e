using System.Text.Json;
using Confluent.Kafka;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Later messages of a partition finish first, and the worker is killed then: the earlier one must not be passed over.</summary>
[Collection(FaultTests.Name)]
public sealed class F07OutOfOrderTests(FaultApp app, ITestOutputHelper output)
{
    private const string Topic = "deliveries.push.standard";
    private const string Group = "notify.push.standard";
    private const int SlowMs = 5_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F07", quick: false)]
    public async Task An_earlier_message_that_is_still_on_its_way_is_delivered_after_a_crash()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F07", 80);
        var (slow, push) = (Parcel.Push(run.Category), run.Instances.Single("push"));
        // Refused after its time, so that it never was with the provider before the crash.
        await run.Sandbox.MisbehaveAsync(
            new
            {
                provider = "fcm",
                address = slow.Address,
                latencyMs = SlowMs,
                status = 503,
                code = "UNAVAILABLE",
            },
            Cancel
        );
        using var tap = new TopicTap(run.Notify.Kafka, Topic);

        await run.Load.PostEachAsync([slow], 1, Cancel);
        var record = Assert.Single(await tap.ReadAsync(slow.Address, 1, Cancel));
        var partition = record.TopicPartition;
        var later = Enumerable.Range(0, run.Count).Select(_ => Parcel.Push(run.Category)).ToArray();
        await run.Load.PostBatchesAsync(later, 100, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "sent") == later.Length ? "" : null,
            _ => "the later ones are sent",
            Cancel
        );
        await Task.Delay(TimeSpan.FromSeconds(1) + run.Moment(TimeSpan.FromSeconds(1)), Cancel); // offsets are committed each second
        await run.Instances.KillAsync(push);
        var groups = new Groups(run.Notify.Kafka);
        var committed = groups.Committed(Group, partition);
        var behind = groups.Behind(Group, Topic);
        await run.Sandbox.BehaveAsync("fcm", slow.Address, Cancel);
        await run.Instances.ReviveAsync(push, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(("earlierAt", record.Offset.Value), ("committed", committed), ("behind", behind));

        Assert.True(
            committed <= record.Offset.Value,
            $"Offset {committed} was committed past the unfinished record at {record.Offset.Value}."
        );
        Assert.Equal(0, balance.Duplicates);
        Assert.Equal(1, balance.Arrived[slow.Address]);
    }
}
