using System.Globalization;
using Notify.Benchmarks.Parts;
using Notify.Benchmarks.Running;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Scenarios;

/// <summary>The same messages to the same sink by the provider's client alone (<see cref="BareLoop"/>), after the worker's, of which the
/// sink kept a sample.</summary>
internal sealed class BareRun(NotifySystem system, Channel channel, IProviderSink sink)
{
    /// <param name="part">Which loop.</param>
    /// <param name="senders">Messages at a time.</param>
    /// <param name="count">Messages.</param>
    /// <param name="cancellationToken">The run's own.</param>
    public async Task<DrainResult> RunAsync(string part, int senders, int count, CancellationToken cancellationToken)
    {
        var sample = Convert.ToBase64String(sink is SmtpSink mail ? mail.Sample : ((HttpSink)sink).Sample);
        var settings = new Dictionary<string, string>
        {
            [BareLoop.PortVariable] = Text(sink.Port),
            [BareLoop.SampleVariable] = sample,
            [BareLoop.SendersVariable] = Text(senders),
            [BareLoop.CountVariable] = Text(count),
        };
        var arrivals = sink.Expect(count);
        await using var loop = ServiceProcess.StartPart(system, part, like: channel.ToName(), "loop", settings);
        return await new BacklogWatch(system, [loop], DrainScenario.WarmUpOf(count), hasRows: false).FollowAsync(
            arrivals,
            beside: null,
            cancellationToken
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
