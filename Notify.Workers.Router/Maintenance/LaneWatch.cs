using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Workers.Router.Maintenance;

/// <summary>
/// Sees whether the lanes of every channel are read. Where a channel's workers are gone its deliveries only wait, and nothing fails: so it
/// is said in the log, once when it begins and once when it ends, and in a metric.
/// </summary>
internal sealed partial class LaneWatch(LanePositionStore positions, RoutingMetrics metrics, TimeProvider time, ILogger<LaneWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Workers that start with this Router, or after it, need a while.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly HashSet<Channel> _unread = [];

    /// <summary>One look.</summary>
    /// <param name="maySay">Whether a channel that nobody reads may be said to be so yet.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task LookAsync(bool maySay, CancellationToken cancellationToken)
    {
        var consumers = await positions.ConsumersAsync(cancellationToken);
        foreach (var channel in ChannelNames.All)
        {
            var isRead = false;
            foreach (var lane in LaneNames.All)
            {
                var count = consumers.GetValueOrDefault(Topics.Deliveries(channel, lane));
                metrics.Consumers(channel, lane, count);
                isRead |= count > 0;
            }
            if (isRead && _unread.Remove(channel))
                Log.Read(logger, channel.ToName());
            else if (!isRead && maySay && _unread.Add(channel))
                Log.Unread(logger, channel.ToName(), LanePositionStore.Silent.TotalSeconds);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(time.GetElapsedTime(started) > Grace, stoppingToken);
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault))
            {
                // Others say that Postgres is away; what was known stays until it is back.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Nobody reads the lanes of {Channel}: no worker has reported for {Seconds} s. Its deliveries wait; start one."
        )]
        public static partial void Unread(ILogger logger, string channel, double seconds);

        [LoggerMessage(LogLevel.Information, "The lanes of {Channel} are read again.")]
        public static partial void Read(ILogger logger, string channel);
    }
}
