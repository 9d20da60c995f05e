using Notify.Benchmarks.Load;
using Notify.Benchmarks.Peers;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// POST until the broker has the record, 32 connections. Of ours only the Api runs, as of the peers: nothing routes or sends meanwhile.
/// What was answered with 202 is counted again in the broker.
/// </summary>
internal static class AcceptScenario
{
    private const int Connections = 32;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ColdStart = TimeSpan.FromSeconds(15);
    private static readonly string[] s_frameworks = ["express", "fastify"];

    public static async Task RunAsync(ScenarioContext context, int batchSize, CancellationToken cancellationToken)
    {
        if (context.Options.Target is { } target)
        {
            var load = new HttpLoad(target, Ours(target, batchSize, context.Options.Key));
            for (var round = 1; round <= context.Options.Rounds; round++)
                await MeasureAsync(context, "Notify (target)", round, batchSize, load, null, null, cancellationToken);
            return;
        }
        if (context.Options.Peers)
            await PeerFolder.InstallAsync(cancellationToken);
        await using var system = await NotifySystem.StartAsync([Services.Api], cancellationToken);
        // A broker on a cold Java machine takes four times the work; whoever is measured first must not pay for it.
        await new HttpLoad(system.Api, Ours(system.Api, batchSize, context.Options.Key)).RunAsync(
            Connections,
            ColdStart,
            cancellationToken
        );
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            await MeasureAsync(
                context,
                "Notify",
                round,
                batchSize,
                new HttpLoad(system.Api, Ours(system.Api, batchSize, context.Options.Key)),
                new ProcessCosts(system.ProcessesOf(Services.Api)),
                new Destination(system.Kafka, Topics.Notifications(Lane.Standard)),
                cancellationToken
            );
            foreach (var framework in context.Options.Peers ? s_frameworks : [])
                await MeasurePeerAsync(context, system, framework, round, batchSize, cancellationToken);
        }
    }

    private static RequestTemplate Ours(Uri server, int batchSize, string key) =>
        RequestTemplate.Post(server, batchSize == 1 ? "/v1/notifications" : "/v1/notifications/batch", RequestBodies.Ours(batchSize), key);

    private static async Task MeasurePeerAsync(
        ScenarioContext context,
        NotifySystem system,
        string framework,
        int round,
        int batchSize,
        CancellationToken cancellationToken
    )
    {
        var topic = $"peer.{framework}.{batchSize}.{round}";
        using (var seed = new SeedProducer(system.Kafka))
            await seed.CreateTopicAsync(topic, like: Topics.Notifications(Lane.Standard));
        var (process, address) = await PeerFolder.StartAcceptAsync(framework, system.Kafka, topic, cancellationToken);
        await using var _ = process;
        var load = new HttpLoad(
            address,
            RequestTemplate.Post(
                address,
                batchSize == 1 ? "/notifications" : "/notifications/batch",
                RequestBodies.Peers(batchSize),
                key: null
            )
        );
        var processes = system.ProcessesOf();
        processes[framework] = process.Id;
        await MeasureAsync(
            context,
            $"{framework} + kafkajs",
            round,
            batchSize,
            load,
            new ProcessCosts(processes),
            new Destination(system.Kafka, topic),
            cancellationToken
        );
    }

    private static async Task MeasureAsync(
        ScenarioContext context,
        string subject,
        int round,
        int batchSize,
        HttpLoad load,
        ProcessCosts? costs,
        Destination? destination,
        CancellationToken cancellationToken
    )
    {
        await load.RunAsync(Connections, WarmUp, cancellationToken);
        using var ends = destination is null ? null : new TopicEnds(destination.Kafka);
        var recordsBefore = ends?.Of(destination!.Topic);
        var cpuBefore = costs?.Take();
        var result = await load.RunAsync(Connections, TimeSpan.FromSeconds(context.Options.Seconds), cancellationToken);
        var accepted = result.Accepted * batchSize;
        var cpu = costs?.Since(cpuBefore!, accepted) ?? [];
        context.Report.Add(
            new()
            {
                Scenario = context.Name,
                Subject = subject,
                Round = round,
                Unit = "notifications",
                Count = accepted,
                Seconds = result.Seconds,
                Milliseconds = LatencySummary.Of(result.Milliseconds),
                Cpu = cpu,
                Faults = [.. Faults(result), .. ends is null ? [] : Missing(accepted, ends.Of(destination!.Topic) - recordsBefore!.Value)],
            }
        );
    }

    private static IEnumerable<string> Faults(LoadResult result)
    {
        if (result.Other > 0)
            yield return $"{result.Other:N0} requests were not answered with 202";
        if (result.Broken > 0)
            yield return $"{result.Broken:N0} connections broke";
        if (result.Accepted == 0)
            yield return "nothing was accepted";
    }

    private static IEnumerable<string> Missing(long accepted, long records)
    {
        if (accepted != records)
            yield return $"{accepted:N0} notifications were accepted, {records:N0} records are in the broker";
    }

    private sealed record Destination(string Kafka, string Topic);
}
