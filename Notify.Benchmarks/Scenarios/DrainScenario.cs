using System.Globalization;
using Notify.Benchmarks.Parts;
using Notify.Benchmarks.Peers;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Seeding;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Sending;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// How fast a channel's worker empties a backlog, with claims, outcome rows and offsets; beside it, in turns, bare loops over the same
/// client, and peers. Providers are sinks of ours in this process, which cost little.
/// </summary>
internal static class DrainScenario
{
    public const int DefaultCount = 50_000;

    /// <summary>Of those that are measured warm: a service compiles for ten seconds and more under load.</summary>
    public const int WarmCount = 120_000;

    private const int IdleCount = 200_000; // an engine without a provider is faster than it compiles

    private const int LeastWarmUp = 60_000;

    public const string Ours = "Notify";
    public const string BareMail = "bare MailKit loop";
    public const string BarePush = "bare HTTP/2 loop";
    public const string BareSdk = "bare Firebase SDK loop";
    public const string IdleEmail = "email worker, provider does nothing";
    public const string IdlePush = "push worker, provider does nothing";

    private static readonly (string Style, string Subject)[] s_peers =
    [
        ("each", "kafkajs + nodemailer, one by one"),
        ("batch", "kafkajs + nodemailer, 100 at once, 20 connections"),
    ];

    /// <summary>
    /// How many messages of a backlog come first and are not measured, since they find a service that is compiling most of the time: half of
    /// it, or as many as that takes, but never more than three quarters.
    /// </summary>
    public static int WarmUpOf(int backlog, int least = LeastWarmUp) => Math.Min(Math.Max(backlog / 2, least), backlog / 4 * 3);

    public static async Task RunAsync(ScenarioContext context, Channel channel, CancellationToken cancellationToken)
    {
        var withPeers = context.Options.Peers && channel == Channel.Email;
        if (withPeers)
            await PeerFolder.InstallAsync(cancellationToken);
        var count = context.Backlog(WarmCount);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        await using var sink = await OpenSinkAsync(channel, cancellationToken);
        context.Report.Note(
            $"sink of {context.Name}",
            sink is SmtpSink ? "SMTP, pipelining, in this process" : "Kestrel in this process: FCM over HTTP/2, Twilio over HTTP/1.1"
        );
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var ours = await new DrainRun(context, system, channel, sink, WarmUpOf(count)).RunAsync(
                count,
                probes: null,
                beside: null,
                cancellationToken
            );
            context.Report.Add(ours.ToMeasurement(context.Name, Ours, round));
            foreach (var (part, subject, senders) in BareLoops(sink, channel))
            {
                var bare = await new BareRun(system, channel, sink).RunAsync(part, senders, count, cancellationToken);
                context.Report.Add(bare.ToMeasurement(context.Name, subject, round));
                context.Report.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  round {round}: {bare.Seconds / bare.Count / (ours.Seconds / ours.Count):0.00} of the {subject} ({senders} at a time)"
                    )
                );
            }
            foreach (var (style, subject) in withPeers ? s_peers : [])
                context.Report.Add(await PeerDrain.RunAsync(context, system, sink, style, subject, round, count, cancellationToken));
        }
    }

    /// <summary>The worker with a provider that does nothing: what the engine itself costs, on a channel whose addresses have no limit and
    /// on the one whose devices have.</summary>
    public static async Task RunIdleAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var count = context.Backlog(IdleCount);
        await using var system = await NotifySystem.StartAsync([], context.Options.Settings, cancellationToken);
        await using var sink = new IdleSink();
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var (channel, subject) in new[] { (Channel.Email, IdleEmail), (Channel.Push, IdlePush) })
            {
                var result = await new DrainRun(context, system, channel, sink, WarmUpOf(count, IdleCount / 2)).RunAsync(
                    count,
                    probes: null,
                    beside: null,
                    cancellationToken
                );
                context.Report.Add(result.ToMeasurement(context.Name, subject, round));
            }
        }
    }

    public static async Task<IProviderSink> OpenSinkAsync(Channel channel, CancellationToken cancellationToken) =>
        channel == Channel.Email ? new SmtpSink() : await HttpSink.StartAsync(cancellationToken);

    /// <summary>With as many mail connections as the worker just had, or as many pushes in flight as its lane may have.</summary>
    private static (string Part, string Subject, int Senders)[] BareLoops(IProviderSink sink, Channel channel) =>
        (sink, channel) switch
        {
            (SmtpSink mail, _) => [(PartProgram.BareMail, BareMail, mail.MostConnections)],
            (_, Channel.Push) =>
            [
                (PartProgram.BarePush, BarePush, new DeliveryOptions().ConcurrencyOf(SeedPlan.Lane)),
                (PartProgram.BareSdk, BareSdk, new DeliveryOptions().ConcurrencyOf(SeedPlan.Lane)),
            ],
            _ => [],
        };
}
