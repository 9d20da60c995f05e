using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The group's offsets are gone while messages wait: what waits is read from the beginning, not from the end.</summary>
[Collection(FaultTests.Name)]
public sealed class F11NewGroupTests(FaultApp app, ITestOutputHelper output)
{
    private const string Topic = "deliveries.sms.standard";
    private const string Group = "notify.sms.standard";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F11", quick: false)]
    public async Task Messages_that_waited_are_sent_and_those_sent_before_are_not_sent_again()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F11", 200);
        var (sms, groups) = (run.Instances.Single("sms"), new Groups(run.Notify.Kafka));
        await run.Load.PostBatchesAsync(Texts(run, run.Count / 2), 100, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "sent") == run.Count / 2 ? "" : null,
            _ => "the first half is sent",
            Cancel
        );

        await run.Instances.StopAsync(sms, Cancel);
        await run.Load.PostBatchesAsync(Texts(run, run.Count / 2), 100, Cancel);
        await Until.GetAsync(
            async () => await run.Accounting.InStateAsync(Cancel, "queued", "waiting") == run.Count / 2 ? "" : null,
            _ => "the second half waits",
            Cancel
        );
        var forgot = await groups.ForgetAsync(Group, Topic, run.Instances.HasRealKafka, Cancel);
        await run.Instances.StartAsync(sms, Cancel);
        run.FaultEnded();
        var balance = await run.EndAsync(("offsets", forgot));

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
    }

    private static Parcel[] Texts(FaultRun run, int count) => [.. Enumerable.Range(0, count).Select(_ => Parcel.Sms(run.Category))];
}
