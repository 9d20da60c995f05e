namespace Notify.Tests.Distributed.Faults;

/// <summary>The broker is cut off after a record was appended and before its producer heard of it.</summary>
[Collection(FaultTests.Name)]
public sealed class F10CutBeforeAckTests(ITestOutputHelper output)
{
    private const double Share = 0.04; // the client waits longer after each cut, up to a second

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F10", quick: false)]
    public async Task A_lost_confirmation_loses_nothing_and_sends_nothing_twice()
    {
        if (ProxiedKafka.Home is null)
            Assert.Skip(
                "KAFKA_HOME names no Kafka distribution: librdkafka's built-in broker keeps no producer's sequence, which is what this fault is about."
            );
        await using var kafka = await ProxiedKafka.StartAsync(new Random(FaultSettings.Seed), Cancel);
        await using var app = FaultApp.Over(kafka.Bootstrap);
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F10", 300);

        kafka.Proxy.Arm(Share);
        await run.Load.PostEachAsync(run.Mixed(), 8, Cancel);
        kafka.Proxy.Arm(0);
        run.FaultEnded();
        var balance = await run.EndAsync(
            _ =>
                [
                    ("cutAfterAppend", kafka.Proxy.CutAfterAppend),
                    ("cutBehindRequest", kafka.Proxy.CutBehindRequest),
                    ("refused", run.Load.Refused),
                    ("broken", run.Load.Broken),
                ],
            s_patience
        );

        Assert.True(kafka.Proxy.CutAfterAppend > 0, "No confirmation was cut off.");
        Assert.Equal(0, balance.Duplicates);
        Assert.Equal(run.Count, balance.Arrived.Count);
    }
}
