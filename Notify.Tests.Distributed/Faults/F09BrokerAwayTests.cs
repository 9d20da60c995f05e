using System.Diagnostics;
using System.Net;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>The only broker is killed under load and comes back after a while. (A leader among three, and replicas out of sync, need three
/// brokers, which the application does not have.)</summary>
[Collection(FaultTests.Name)]
public sealed class F09BrokerAwayTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Before = 200;

    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromSeconds(30); // none gives up and asks again: each answer is seen

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F09", quick: false)]
    public async Task Without_its_broker_nothing_is_accepted_and_what_was_accepted_before_is_not_lost()
    {
        if (ProxiedKafka.Home is null)
            Assert.Skip(
                "KAFKA_HOME names no Kafka distribution: librdkafka's built-in broker cannot be killed, and would forget everything."
            );
        await using var kafka = await ProxiedKafka.StartAsync(new Random(FaultSettings.Seed), Cancel);
        await using var app = FaultApp.Over(kafka.Bootstrap);
        var notify = await app.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F09-away", Before, s_answersWithin);
        using var end = new CancellationTokenSource();
        var load = run.Load.PostEachAsync(ParcelsUntil(run, end.Token), Clients, Cancel);
        await Until.TrueAsync(() => run.Load.Accepted.Count >= run.Count, "the broker takes messages", Cancel);
        await Task.Delay(run.Moment(TimeSpan.FromSeconds(1)), Cancel);

        await kafka.KillAsync();
        var (gone, acceptedBefore) = (Stopwatch.GetTimestamp(), run.Load.Accepted.Count);
        await Task.Delay(s_away, Cancel);
        var back = Stopwatch.GetTimestamp();
        await kafka.ReviveAsync(Cancel);
        run.FaultEnded();
        var answering = Stopwatch.GetTimestamp();
        await Until.TrueAsync(
            () => run.Load.Answers.Any(answer => answer.Asked > back && answer.Status == HttpStatusCode.Accepted),
            "messages are accepted again",
            Cancel
        );
        var acceptsAfter = Stopwatch.GetElapsedTime(answering);
        await end.CancelAsync();
        await load; // ends when the last one is accepted
        var meanwhile = run.Load.Answers.Where(answer => answer.Asked > gone && answer.Asked < back).ToList();
        var refused = meanwhile.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToList();
        var slowest = refused.Select(answer => Stopwatch.GetElapsedTime(answer.Asked, answer.Heard)).DefaultIfEmpty().Max();
        var balance = await run.EndAsync(
            ("acceptedBefore", acceptedBefore),
            ("askedAway", meanwhile.Count),
            ("refusedAway", refused.Count),
            ("slowestRefusal", slowest),
            ("broken", run.Load.Broken),
            ("acceptsAfter", acceptsAfter)
        );

        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.True(answer.SaysWhen, "A refusal does not say when to come back."));
        Assert.All(meanwhile.Except(refused), answer =>
            Assert.True(answer.Status == HttpStatusCode.Accepted && answer.Heard > back, $"{answer.Status} while the broker was away.")
        );
        Assert.Equal(0, run.Load.Broken);
        Assert.Equal(0, balance.Duplicates);
        Assert.All(run.Load.Accepted.Values, parcel => Assert.Equal(1, balance.Arrived.GetValueOrDefault(parcel.Address)));
    }

    private static IEnumerable<Parcel> ParcelsUntil(FaultRun run, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
            yield return Parcel.Any(run.Category, run.Random);
    }
}
