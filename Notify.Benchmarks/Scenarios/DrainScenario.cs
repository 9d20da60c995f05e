using Notify.Benchmarks.Peers;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>How fast a channel's worker empties a backlog, with claims, outcome rows and offsets. Providers are sinks of ours in this
/// process, which cost little.</summary>
internal static class DrainScenario
{
    public const int DefaultCount = 50_000;
    private static readonly (string Style, string Subject)[] s_peers =
    [
        ("each", "kafkajs + nodemailer, one by one"),
        ("batch", "kafkajs + nodemailer, 100 at once, 20 connections"),
    ];

    public static async Task RunAsync(ScenarioContext context, Channel channel, CancellationToken cancellationToken)
    {
        var withPeers = context.Options.Peers && channel == Channel.Email;
        if (withPeers)
            await PeerFolder.InstallAsync(cancellationToken);
        var count = context.Backlog(DefaultCount);
        await using var system = await NotifySystem.StartAsync([], cancellationToken);
        await using var sink = await OpenSinkAsync(channel, cancellationToken);
        context.Report.Note(
            $"sink of {context.Name}",
            sink is SmtpSink ? "SMTP, pipelining, in this process" : "Kestrel in this process: FCM over HTTP/2, Twilio over HTTP/1.1"
        );
        context.Report.Note("postgres", await DatabaseConditions.ReadAsync(system.Rows, cancellationToken));
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            var result = await new DrainRun(context, system, channel, sink).RunAsync(count, probes: null, beside: null, cancellationToken);
            context.Report.Add(result.ToMeasurement(context.Name, "Notify", round));
            foreach (var (style, subject) in withPeers ? s_peers : [])
                context.Report.Add(await PeerDrain.RunAsync(context, system, sink, style, subject, round, count, cancellationToken));
        }
    }

    public static async Task<IProviderSink> OpenSinkAsync(Channel channel, CancellationToken cancellationToken) =>
        channel == Channel.Email ? new SmtpSink() : await HttpSink.StartAsync(cancellationToken);
}
