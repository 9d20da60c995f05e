using System.Diagnostics;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Deliveries.Rows;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Telemetry;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Npgsql;

namespace Notify.Sending.Lanes;

/// <summary>
/// What a lane does about the jobs that it was allowed to begin: it claims them together, makes their attempts beside each other, and
/// finishes each record once its outcome is written. A record whose delivery cannot be claimed was dealt with by somebody else and is
/// simply finished.
/// </summary>
internal sealed class LaneSends(
    Channel channel,
    Lane lane,
    LaneQueue queue,
    LaneCalls calls,
    LaneSignal changed,
    IDeliveryAttempt attempt,
    NpgsqlDataSource database,
    OutcomeWriter outcomes,
    ClaimKeeper claims,
    UnreadableRecords unreadable,
    DatabasePatience patience,
    DeliveryMetrics metrics,
    TimeSpan lease
)
{
    private readonly CancellationTokenSource _cutOff = new();
    private Exception? _fault;

    /// <summary>What came out of an attempt that nobody awaits; it is to end the lane.</summary>
    public Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Ends the calls under way after a time: their answers count as lost.</summary>
    public void CutOffAfter(TimeSpan wait) => _cutOff.CancelAfter(wait);

    /// <summary>Writes that these wait as rows.</summary>
    public async Task ParkAsync(List<ParkedDelivery> parked, CancellationToken stopping)
    {
        parked.RemoveAll(entry => !TryBegin(entry.Job));
        if (parked.Count == 0)
            return;
        await OrHoldAgain(parked.ConvertAll(entry => entry.Job), () => patience.WaitAsync(
                async () =>
                {
                    var rows = parked.ConvertAll(entry => new ParkedRow(entry.Job.Key, entry.Reason, entry.DueAt, entry.Scope));
                    await ParkRows.ParkAsync(database, rows, CancellationToken.None);
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
    public async Task BeginAsync(List<(DeliveryJob Job, Entry? Entry)> ready, CancellationToken stopping)
    {
        ready.RemoveAll(item =>
        {
            if (TryBegin(item.Job))
                return false;
            item.Entry?.Account.Leave(item.Entry.Value);
            return true;
        });
        if (ready.Count == 0)
            return;
        var claimId = Guid.NewGuid();
        var claimed = await OrHoldAgain(ready.ConvertAll(item => item.Job), () =>
            patience.WaitAsync(
                () => ClaimRows.ClaimAsync(database, ready.ConvertAll(item => item.Job.Key), lease, claimId, CancellationToken.None),
                stopping
            )
        );
        if (claimed.Count > 0)
            claims.Keep(claimId, claimed.Count); // before the first of them can end
        foreach (var (job, entry) in ready)
        {
            // Removed as taken: the same delivery twice in one batch is sent once.
            if (claimed.Remove(job.Delivery.Id, out var claim))
            {
                calls.Begin(entry?.Account);
                _ = SendAsync(job, entry, claim, claimId);
                continue;
            }
            entry?.Account.Leave(entry.Value);
            Finish(job);
        }
    }

    private async Task SendAsync(DeliveryJob job, Entry? entry, Claim claim, Guid claimId)
    {
        var (calling, written) = (true, false);
        try
        {
            using var activity = DeliveryMetrics.Activities.HasListeners() ? StartSpan(job) : null;
            var settled = await attempt.MakeAsync(job, entry, claim, _cutOff.Token);
            activity?.SetTag("notify.state", settled?.Transition.State.ToName());
            calling = false;
            calls.End(entry?.Account); // the next may begin while this outcome is written
            changed.Set();
            written = await (settled is null ? unreadable.KeepClaimedAsync(job, claim, _cutOff.Token) : outcomes.WriteAsync(settled));
            if (settled is not null)
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
            claims.Ended(claimId, written);
            if (calling)
                calls.End(entry?.Account);
            changed.Set();
        }
    }

    private Activity? StartSpan(DeliveryJob job) =>
        Traces
            .StartFrom(
                DeliveryMetrics.Activities,
                $"send {channel.ToName()}",
                ActivityKind.Consumer,
                job.Record.Headers.Text(RecordHeaders.TraceParent)
            )
            ?.SetTag("notify.delivery.id", job.Delivery.Id)
            .SetTag("notify.notification.id", job.Delivery.NotificationId)
            .SetTag("notify.lane", lane.ToName());

    /// <summary>False when its partition went to another member while it waited here.</summary>
    private bool TryBegin(DeliveryJob job)
    {
        if (job.Record.TryBegin())
            return true;
        queue.Done(job);
        return false;
    }

    private void Finish(DeliveryJob job)
    {
        job.Record.Finish();
        queue.Done(job);
    }

    /// <summary>When the service stops before the database answered, nothing was done: the records may be given back.</summary>
    private static async Task<T> OrHoldAgain<T>(List<DeliveryJob> jobs, Func<Task<T>> work)
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
}
