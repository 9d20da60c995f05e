using System.Diagnostics;
using Notify.Benchmarks.Load;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Scenarios;

/// <summary>Single mails of a lane, posted one after another while something else goes on, and how late each reached the
/// provider.</summary>
/// <param name="client">Posts them.</param>
/// <param name="lane">Theirs.</param>
/// <param name="most">No more are posted.</param>
internal sealed class LaneProbes(NotifyClient client, Lane lane, int most = 100_000)
{
    public const int WarmUpProbes = 20;
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);
    private readonly List<(long Begun, PostedNotification Notification)> _posted = [];
    private int _count;

    /// <summary>Where they are to be counted.</summary>
    public Arrivals Arrivals { get; } = new(most);

    /// <summary>Those that are measured: all after the warm-up.</summary>
    public IEnumerable<ProbeTimes> Measured =>
        _posted
            .Select((one, number) => new ProbeTimes(one.Notification, WaitOf(number) is { } wait ? one.Notification.PostedAt + wait : null))
            .Skip(WarmUpProbes);

    /// <summary>How many are posted.</summary>
    public int Posted => Volatile.Read(ref _count);

    /// <summary>Posts until told to stop, and waits for what is on its way.</summary>
    public async Task RunAsync(CancellationToken drained, CancellationToken cancellationToken)
    {
        while (!drained.IsCancellationRequested && _posted.Count < most)
        {
            var begun = Stopwatch.GetTimestamp();
            var address = NumberedAddress.Of(Channel.Email, _posted.Count, probe: true);
            _posted.Add((begun, await client.PostAsync(lane, Channel.Email, address, cancellationToken)));
            Volatile.Write(ref _count, _posted.Count);
            await Task.Delay(Gap, cancellationToken);
        }
        // One that is lost is reported, not waited for.
        for (var started = Stopwatch.GetTimestamp(); Arrivals.Distinct < _posted.Count && Stopwatch.GetElapsedTime(started) < Late; )
            await Task.Delay(Gap, cancellationToken);
    }

    public Measurement ToMeasurement(string scenario, string subject, int round)
    {
        var waits = Enumerable
            .Range(0, _posted.Count)
            .Skip(WarmUpProbes)
            .Select(WaitOf)
            .OfType<TimeSpan>()
            .Select(wait => wait.TotalMilliseconds)
            .ToArray();
        return new()
        {
            Scenario = scenario,
            Subject = subject,
            Round = round,
            Unit = "notifications",
            Count = waits.Length,
            Milliseconds = LatencySummary.Of(waits),
            Faults = [.. Faults(waits.Length)],
        };
    }

    private TimeSpan? WaitOf(int number) =>
        Arrivals.TimeOf(number) is not 0 and var arrived ? Stopwatch.GetElapsedTime(_posted[number].Begun, arrived) : null;

    private IEnumerable<string> Faults(int measured)
    {
        if (_posted.Count > Arrivals.Distinct)
            yield return $"{_posted.Count - Arrivals.Distinct} of {_posted.Count} {lane.ToName()} mails did not arrive";
        if (Arrivals.Duplicates > 0)
            yield return $"{Arrivals.Duplicates} {lane.ToName()} mails arrived twice";
        if (measured == 0)
            yield return "the backlog was gone before the warm-up was over: use a larger --count";
    }
}
