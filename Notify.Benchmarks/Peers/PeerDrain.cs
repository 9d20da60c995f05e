using System.Diagnostics;
using System.Globalization;
using Notify.Benchmarks.Load;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Scenarios;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Peers;

/// <summary>The same mails to the same sink, by kafkajs and nodemailer, from a topic of their own. Rates do not depend on the backlog, so
/// theirs is bounded.</summary>
internal static class PeerDrain
{
    private const int MaxCount = 20_000;
    private const int Chunk = 5_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task<Measurement> RunAsync(
        ScenarioContext context,
        NotifySystem system,
        IProviderSink sink,
        string style,
        string subject,
        int round,
        int ours,
        CancellationToken cancellationToken
    )
    {
        var count = Math.Min(ours, MaxCount);
        var topic = string.Create(CultureInfo.InvariantCulture, $"peer.{style}.{round}");
        await SeedAsync(system.Kafka, topic, count);
        var arrivals = sink.Expect(count);
        var settings = new Dictionary<string, string>
        {
            ["STYLE"] = style,
            ["KAFKA"] = system.Kafka,
            ["TOPIC"] = topic,
            ["SMTP_PORT"] = sink.Port.ToString(CultureInfo.InvariantCulture),
        };
        await using var peer = await PeerFolder.StartAsync("drain.js", settings, cancellationToken);
        var processes = system.ProcessesOf();
        processes["node"] = peer.Id;
        var costs = new ProcessCosts(processes);
        var poll = TimeSpan.FromMilliseconds(5);
        await Waiting.UntilAsync(
            () => ValueTask.FromResult(arrivals.First != 0),
            poll,
            Limit,
            $"the first mail of {subject}",
            cancellationToken
        );
        var before = costs.Take();
        await Waiting.UntilAsync(
            () => ValueTask.FromResult(arrivals.Distinct == count),
            poll,
            Limit,
            $"all mails of {subject}",
            cancellationToken
        );
        return new()
        {
            Scenario = context.Name,
            Subject = subject,
            Round = round,
            Unit = "mails",
            Count = count,
            Seconds = (arrivals.Last - arrivals.First) / (double)Stopwatch.Frequency,
            Cpu = costs.Since(before, count),
            Faults = [.. arrivals.Faults()],
        };
    }

    private static async Task SeedAsync(string kafka, string topic, int count)
    {
        using var producer = new SeedProducer(kafka);
        await producer.CreateTopicAsync(topic, like: Topics.Deliveries(Channel.Email, Lane.Bulk));
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Chunk))
        {
            var addresses = numbers.Select(number => NumberedAddress.Of(Channel.Email, number));
            await producer.ProduceAsync([
                .. addresses.Select(address => SeedProducer.Plain(topic, address, RequestBodies.PeerMail(address))),
            ]);
        }
    }
}
