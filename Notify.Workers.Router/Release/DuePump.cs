using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Providers;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Takes rows that came due (retries, and claims past their lease) and rows whose tenant has its turn, and produces them again. Several
/// routers share the work: a row that one of them holds is passed over by the others.
/// </summary>
internal sealed partial class DuePump(
    Releaser releaser,
    Settling settling,
    TenantShares shares,
    ProviderStatusStore providers,
    IOptions<RouterOptions> options,
    TimeProvider time,
    ILogger<DuePump> logger
) : BackgroundService
{
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PausedInterval = TimeSpan.FromSeconds(1);
    private static readonly (string Channel, string Lane)[] Lanes =
    [
        .. ChannelNames.All.SelectMany(channel => LaneNames.All.Select(lane => (channel.ToName(), lane.ToName()))),
    ];

    private const int BatchesOfTurns = 4; // rows of one transaction, whoever they belong to
    private readonly TurnRounds _rounds = new();
    private IReadOnlySet<string> _paused = new HashSet<string>();
    private DateTimeOffset _pausedRead = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.PumpInterval;
            try
            {
                var more = await ReleaseAsync(stoppingToken);
                settling.Looked();
                if (more)
                    continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (DatabaseFaults.IsPassing(fault) || fault is ProduceFailedException)
            {
                Log.Waiting(logger, fault.GetType().Name);
                pause = FaultPause;
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round. Whether a lane had as much as was taken of it at most, so that more may be there.</summary>
    private async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        // seldom: all that waits for the provider has to be passed by, to find the few that end
        var looksAtPaused = time.GetUtcNow() - _pausedRead > PausedInterval;
        if (looksAtPaused)
            (_paused, _pausedRead) = (await providers.PausedChannelsAsync(cancellationToken), time.GetUtcNow());
        var batch = options.Value.PumpBatch;
        var limits = Lanes
            .Select(lane => (lane.Channel, lane.Lane, Paused: _paused.Contains(lane.Channel)))
            .Select(lane => new DueLane(
                lane.Channel,
                lane.Lane,
                lane.Paused ? (looksAtPaused ? batch : 0) : Math.Min(batch, shares.RoomOf(lane.Channel, lane.Lane)),
                lane.Paused
            ))
            .Where(lane => lane.Limit > 0)
            .ToList();
        var released = await releaser.ReleaseDueAsync(limits, lapsedToo: settling.IsOver, cancellationToken);
        var isFull = Releaser.IsFull(released);
        var more = isFull;
        foreach (var lane in released.GroupBy(row => (row.Channel, row.Lane)))
        {
            if (isFull || lane.Count() == batch)
            {
                more = true;
                if (_paused.Contains(lane.Key.Channel))
                    _pausedRead = DateTimeOffset.MinValue; // and that is not passed over in the next round
            }
            foreach (var tenant in lane.Where(row => !row.IsUnreadable).GroupBy(row => row.Tenant))
                shares.Released(new(lane.Key.Channel, lane.Key.Lane, tenant.Key), tenant.Count());
        }
        return await ReleaseTurnsAsync(batch, cancellationToken) || more;
    }

    private async Task<bool> ReleaseTurnsAsync(int batch, CancellationToken cancellationToken)
    {
        var rooms = shares
            .Rooms()
            .Where(turn => !_paused.Contains(turn.Key.Channel))
            .Select(turn => (turn.Key, Room: Math.Min(turn.Room, batch)));
        var turns = _rounds.Next(rooms, BatchesOfTurns * batch);
        if (turns.Count == 0)
            return false;
        var taken = await releaser.ReleaseTurnsAsync(turns, cancellationToken);
        var released = taken
            .Where(row => !row.IsUnreadable)
            .CountBy(row => new LaneTenant(row.Channel, row.Lane, row.Tenant))
            .ToDictionary();
        foreach (var (key, count) in released)
            shares.Released(key, count);
        return !_rounds.IsOver
            || Releaser.IsFull(taken)
            || turns.Exists(turn => turn.Room == batch && released.GetValueOrDefault(turn.Key) == batch);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Releasing due deliveries waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
