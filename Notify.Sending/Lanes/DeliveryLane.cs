using System.Diagnostics;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Telemetry;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>
/// One lane of a channel, from record to commit: read, take turns, ask the providers for the right to a call, claim together, call, write
/// outcomes together, finish the offset. A record whose delivery cannot be claimed was dealt with by somebody else and is simply finished.
/// </summary>
internal sealed class DeliveryLane<TMessage>(
    Channel channel,
    Lane lane,
    DeliveryReader<TMessage> reader,
    LaneGate<TMessage> gate,
    DeliveryAttempt<TMessage> attempt,
    DeliveryStore store,
    OutcomeWriter outcomes,
    ClaimKeeper leases,
    UnreadableRecords unreadable,
    DatabasePatience patience,
    DeliveryMetrics metrics,
    IOptions<DeliveryOptions> options,
    TimeProvider time
) : IRecordHandler
{
    private static readonly TimeSpan GatherPause = TimeSpan.FromMilliseconds(1);
    private readonly LaneQueue<TMessage> _queue = new();
    private readonly LaneSignal _changed = new();
    private readonly LaneCalls<TMessage> _calls = new(gate, options.Value.ConcurrencyOf(lane));
    private readonly CancellationTokenSource _cutOff = new();
    private Exception? _fault;

    public int MaxInFlight => options.Value.Window;

    public Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        var jobs = new List<DeliveryJob<TMessage>>(batch.Count);
        foreach (var record in batch)
        {
            if (!reader.TryRead(record, out var job, out var why))
            {
                unreadable.Add(record, why);
                continue;
            }
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
        Task[] both = [TakeTurnsAsync(ending.Token), unreadable.RunAsync(ending.Token)];
        try
        {
            await await Task.WhenAny(both); // neither ends before the lane does, but by a fault
        }
        finally
        {
            await ending.CancelAsync();
            _cutOff.CancelAfter(options.Value.StopWait);
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what each holds is given back
        }
    }

    private async Task TakeTurnsAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (Volatile.Read(ref _fault) is { } fault)
                throw new InvalidOperationException($"Sending on the {lane.ToName()} lane of {channel.ToName()} failed.", fault);
            var (changed, freed) = (_changed.Next, gate.Freed); // taken before the look, so that nothing after it is missed
            if (LaneTurns.Next(_queue, gate, await RoomAsync()) is not { } admission)
            {
                await Task.WhenAny(changed, freed).WaitAsync(stopping);
                continue;
            }
            // asked before those that were withdrawn drop out: behind them others may wait
            var stands = admission.Ready.Count == 0 && admission.Parked.Count == 0;
            await ParkAsync(admission.Parked, stopping);
            await SendAsync(admission.Ready, stopping);
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
        await Task.Delay(GatherPause, time);
        return _calls.Room;
    }

    private async Task WaitForTurnAsync(Admission<TMessage> admission, List<Task> waits, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        waits.AddRange(admission.AwaitedPermits.Select(permits => permits.WaitAsync(lane == Lane.Critical, over.Token)));
        if (admission.LookAgainAt is { } again)
            waits.Add(Task.Delay(Positive(again - time.GetUtcNow()), time, over.Token));
        await Task.WhenAny(waits).WaitAsync(stopping);
        await over.CancelAsync();
    }

    private async Task ParkAsync(List<ParkedDelivery<TMessage>> parked, CancellationToken stopping)
    {
        parked.RemoveAll(entry => !Begin(entry.Job));
        if (parked.Count == 0)
            return;
        await OrHoldAgain(parked.ConvertAll(entry => entry.Job), () => patience.WaitAsync(
                async () =>
                {
                    var rows = parked.ConvertAll(entry => new ParkedRow(entry.Job.Key, entry.Reason, entry.DueAt, entry.Scope));
                    await store.ParkAsync(rows, CancellationToken.None);
                    return true;
                },
                stopping
            ));
        foreach (var entry in parked)
        {
            metrics.Parked(channel, lane, entry.Reason);
            Finish(entry.Job);
        }
    }

    /// <summary>Claims and begins. Not cancelled half-way: what is claimed is sent, also while the service stops.</summary>
    private async Task SendAsync(List<(DeliveryJob<TMessage> Job, Entry<TMessage>? Entry)> ready, CancellationToken stopping)
    {
        ready.RemoveAll(item =>
        {
            if (Begin(item.Job))
                return false;
            item.Entry?.Account.Leave(item.Entry.Value);
            return true;
        });
        if (ready.Count == 0)
            return;
        var claimId = Guid.NewGuid();
        var claims = await OrHoldAgain(ready.ConvertAll(item => item.Job), () =>
            patience.WaitAsync(
                () => store.ClaimAsync(ready.ConvertAll(item => item.Job.Key), options.Value.Lease, CancellationToken.None, claimId),
                stopping
            )
        );
        if (claims.Count > 0)
            leases.Keep(claimId, claims.Count); // before the first of them can end
        foreach (var (job, entry) in ready)
        {
            // Removed as taken: the same delivery twice in one batch is sent once.
            if (claims.Remove(job.Delivery.Id, out var claim))
            {
                _calls.Begin(entry?.Account);
                _ = SendOneAsync(job, entry, claim, claimId);
                continue;
            }
            entry?.Account.Leave(entry.Value);
            Finish(job);
        }
    }

    private async Task SendOneAsync(DeliveryJob<TMessage> job, Entry<TMessage>? entry, Claim claim, Guid claimId)
    {
        var (calling, written) = (true, false);
        try
        {
            using var activity = Traces.StartFrom(
                DeliveryMetrics.Activities,
                $"send {channel.ToName()}",
                ActivityKind.Consumer,
                job.Record.Headers.Text(RecordHeaders.TraceParent)
            );
            activity
                ?.SetTag("notify.delivery.id", job.Delivery.Id)
                .SetTag("notify.notification.id", job.Delivery.NotificationId)
                .SetTag("notify.lane", lane.ToName());
            var settled = await attempt.MakeAsync(job, entry, claim, _cutOff.Token);
            activity?.SetTag("notify.state", settled.Transition.State.ToName());
            calling = false;
            _calls.End(entry?.Account); // the next may begin while this outcome is written
            _changed.Set();
            written = await outcomes.WriteAsync(settled);
            metrics.Settled(channel, lane, settled.Transition);
            Finish(job);
        }
        catch (OperationCanceledException)
        {
            // Stopping before the outcome could be written: the offset stays, the lease brings the delivery back.
        }
#pragma warning disable CA1031 // Nobody awaits a send: what comes out of it ends the lane aloud.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _fault, fault);
        }
        finally
        {
            leases.Ended(claimId, written);
            if (calling)
                _calls.End(entry?.Account);
            _changed.Set();
        }
    }

    /// <summary>False when its partition went to another member while it waited here.</summary>
    private bool Begin(DeliveryJob<TMessage> job)
    {
        if (job.Record.TryBegin())
            return true;
        _queue.Done(job);
        return false;
    }

    private void Finish(DeliveryJob<TMessage> job)
    {
        job.Record.Finish();
        _queue.Done(job);
    }

    /// <summary>When the service stops before the database answered, nothing was done: the records may be given back.</summary>
    private static async Task<T> OrHoldAgain<T>(List<DeliveryJob<TMessage>> jobs, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException)
        {
            jobs.ForEach(job => job.Record.Hold());
            throw;
        }
    }

    private static TimeSpan Positive(TimeSpan delay) => delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
}
