using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Sending.Outcomes;
using Npgsql;

namespace Notify.Sending.Lanes;

/// <summary>
/// One lane of a channel, from record to commit: read, take turns, ask the sender for the right to a call, claim together, render, call,
/// write outcomes together, finish the offset.
/// </summary>
internal sealed class DeliveryLane : IRecordHandler
{
    private static readonly TimeSpan GatherPause = TimeSpan.FromMilliseconds(1);
    private readonly Channel _channel;
    private readonly Lane _lane;
    private readonly DeliveryReader _reader;
    private readonly LaneGate _gate;
    private readonly UnreadableRecords _unreadable;
    private readonly DeliveryOptions _options;
    private readonly TimeProvider _time;
    private readonly LaneQueue _queue = new();
    private readonly LaneSignal _changed = new();
    private readonly LaneCalls _calls;
    private readonly LaneSends _sends;

    public DeliveryLane(
        Channel channel,
        Lane lane,
        LaneGate gate,
        IDeliveryAttempt attempt,
        NpgsqlDataSource database,
        OutcomeWriter outcomes,
        ClaimKeeper claims,
        UnreadableRecords unreadable,
        DatabasePatience patience,
        DeliveryMetrics metrics,
        IOptions<DeliveryOptions> options,
        TimeProvider time
    )
    {
        (_channel, _lane, _gate, _unreadable, _options, _time) = (channel, lane, gate, unreadable, options.Value, time);
        _reader = new(channel);
        _calls = new(gate, _options.ConcurrencyOf(lane));
        _sends = new(
            channel,
            lane,
            _queue,
            _calls,
            _changed,
            attempt,
            database,
            outcomes,
            claims,
            unreadable,
            patience,
            metrics,
            _options.Lease
        );
    }

    public int MaxInFlight => _options.Window;

    public Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        var jobs = new List<DeliveryJob>(batch.Count);
        foreach (var record in batch)
        {
            if (!_reader.TryRead(record, out var job, out var why))
            {
                _unreadable.Add(record, why);
                continue;
            }
            record.PackHeaders();
            record.Hold();
            jobs.Add(job);
        }
        _queue.Add(jobs);
        _changed.Set();
        return Task.CompletedTask;
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] both = [TakeTurnsAsync(ending.Token), _unreadable.RunAsync(ending.Token)];
        try
        {
            await await Task.WhenAny(both); // neither ends before the lane does, but by a fault
        }
        finally
        {
            await ending.CancelAsync();
            _sends.CutOffAfter(_options.StopWait);
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what each holds is given back
        }
    }

    private async Task TakeTurnsAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (_sends.Fault is { } fault)
                throw new InvalidOperationException($"Sending on the {_lane.ToName()} lane of {_channel.ToName()} failed.", fault);
            var (changed, freed) = (_changed.Next, _gate.Freed); // taken before the look, so that nothing after it is missed
            if (LaneTurns.Next(_queue, _gate, await RoomAsync()) is not { } admission)
            {
                await Task.WhenAny(changed, freed).WaitAsync(stopping);
                continue;
            }
            // asked before those that were withdrawn drop out: behind them others may wait
            var stands = admission.Ready.Count == 0 && admission.Parked.Count == 0;
            await _sends.ParkAsync(admission.Parked, stopping);
            await _sends.BeginAsync(admission.Ready, stopping);
            if (stands)
                await WaitForTurnAsync(admission, [changed, freed], stopping);
        }
    }

    /// <summary>How many may be begun. Under load it waits a moment for several, so that a claim is one round trip for many.</summary>
    private async ValueTask<int> RoomAsync()
    {
        var room = _calls.Room;
        if (room >= _calls.Concurrency / 4 || _queue.Count <= room)
            return room;
        await Task.Delay(GatherPause, _time);
        return _calls.Room;
    }

    private async Task WaitForTurnAsync(Admission admission, List<Task> waits, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        waits.AddRange(admission.AwaitedPermits.Select(permits => permits.WaitAsync(_lane == Lane.Critical, over.Token)));
        if (admission.LookAgainAt is { } again)
            waits.Add(Task.Delay(Positive(again - _time.GetUtcNow()), _time, over.Token));
        await Task.WhenAny(waits).WaitAsync(stopping);
        await over.CancelAsync();
    }

    private static TimeSpan Positive(TimeSpan delay) => delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
}
