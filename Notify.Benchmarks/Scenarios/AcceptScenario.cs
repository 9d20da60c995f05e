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
    public const string Notify = "Notify";

    /// <summary>The Api again, over a proxy that counts its requests to the broker.</summary>
    public const string Counted = "Notify, requests to the broker counted on the way";

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
                await MeasureAsync(new(context, "Notify (target)", round, batchSize, load), cancellationToken);
            return;
        }
        if (context.Options.Peers)
            await PeerFolder.InstallAsync(cancellationToken);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        await using var api = await ApiProcess.StartAsync(system, system.Kafka, cancellationToken);
        await using var proxy = new KafkaProxy(system.Kafka);
        await using var counted = await ApiProcess.StartAsync(system, proxy.Bootstrap, cancellationToken);
        // A broker on a cold Java machine takes four times the work; whoever is measured first must not pay for it.
        await new HttpLoad(api.Address, Ours(api.Address, batchSize, context.Options.Key)).RunAsync(
            Connections,
            ColdStart,
            cancellationToken
        );
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            await MeasureAsync(Of(api, Notify, null), cancellationToken);
            await MeasureAsync(Of(counted, Counted, proxy), cancellationToken);
            foreach (var framework in context.Options.Peers ? s_frameworks : [])
                await MeasurePeerAsync(context, system, framework, round, batchSize, cancellationToken);

            Subject Of(ServiceProcess service, string name, KafkaProxy? through) =>
                new(
                    context,
                    name,
                    round,
                    batchSize,
                    new HttpLoad(service.Address, Ours(service.Address, batchSize, context.Options.Key)),
                    new ProcessCosts(system.ProcessesOf().Append(new(Services.Api, service.Id)).ToDictionary()),
                    new Destination(system.Kafka, Topics.Notifications(Lane.Standard)),
                    service,
                    through
                );
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
            new(context, PeerOf(framework), round, batchSize, load, new ProcessCosts(processes), new Destination(system.Kafka, topic)),
            cancellationToken
        );
    }

    public static string PeerOf(string framework) => $"{framework} + kafkajs";

    private static async Task MeasureAsync(Subject subject, CancellationToken cancellationToken)
    {
        await subject.Load.RunAsync(Connections, WarmUp, cancellationToken);
        using var ends = subject.Destination is null ? null : new TopicEnds(subject.Destination.Kafka);
        var recordsBefore = ends?.Of(subject.Destination!.Topic);
        var (requestsBefore, countersBefore) = (subject.Through?.ProduceRequests, await CountersAsync());
        var cpuBefore = subject.Costs?.Take();
        var result = await subject.Load.RunAsync(Connections, TimeSpan.FromSeconds(subject.Context.Options.Seconds), cancellationToken);
        var accepted = result.Accepted * subject.BatchSize;
        var cpu = subject.Costs?.Since(cpuBefore!, accepted) ?? [];
        var (requests, counters) = (subject.Through?.ProduceRequests - requestsBefore, await CountersAsync());
        subject.Context.Report.Add(
            new()
            {
                Scenario = subject.Context.Name,
                Subject = subject.Name,
                Round = subject.Round,
                Unit = "notifications",
                Count = accepted,
                Seconds = result.Seconds,
                Milliseconds = LatencySummary.Of(result.Milliseconds),
                Cpu = cpu,
                Allocated = counters is { } now
                    ? new Dictionary<string, double>
                    {
                        [Services.Api] = (now.AllocatedBytes - countersBefore!.Value.AllocatedBytes) / (double)accepted,
                    }
                    : [],
                Figures = FiguresOf(counters?.CompilingSince(countersBefore!.Value, accepted), requests / (double?)accepted),
                Faults =
                [
                    .. Faults(result),
                    .. ends is null ? [] : Missing(accepted, ends.Of(subject.Destination!.Topic) - recordsBefore!.Value),
                ],
            }
        );

        async Task<ServiceCounters?> CountersAsync() =>
            subject.Service is null ? null : await subject.Service.CountersAsync(cancellationToken);
    }

    private static Dictionary<string, double> FiguresOf(double? compiling, double? requests)
    {
        var figures = new Dictionary<string, double>();
        if (compiling is { } time)
            figures[Measurement.Compiling] = time;
        if (requests is { } each)
            figures[Measurement.ProduceRequests] = each;
        return figures;
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

    /// <summary>Who is measured, and what is known of it.</summary>
    private sealed record Subject(
        ScenarioContext Context,
        string Name,
        int Round,
        int BatchSize,
        HttpLoad Load,
        ProcessCosts? Costs = null,
        Destination? Destination = null,
        ServiceProcess? Service = null,
        KafkaProxy? Through = null
    );
}
