using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Recipients;
using Notify.Core.Routing;
using Notify.Core.Telemetry;
using Notify.Workers.Router.Shares;

namespace Notify.Workers.Router.Intake;

/// <summary>
/// Routes a lane in batches: take turns, read, resolve recipients, decide, write rows in one transaction, produce what can be sent, finish
/// the offsets. One batch of a lane after the other, so that a person's messages keep their order.
/// </summary>
internal sealed partial class IntakeHandler(
    Lane lane,
    RecordReader reader,
    NotificationRouter router,
    DeadLetterStore deadLetters,
    RoutingMetrics metrics,
    IOptions<RouterOptions> options,
    TimeProvider time,
    ILogger<IntakeHandler> logger
) : IRecordHandler
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private readonly IntakeQueue _queue = new(options.Value.DefaultTenant);
    private readonly LaneSignal _arrived = new();

    public int MaxInFlight => options.Value.MaxInFlight;

    public Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        _queue.Add(batch);
        _arrived.Set();
        return Task.CompletedTask;
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            var arrived = _arrived.Next;
            var batch = _queue.Next();
            if (batch.Count == 0)
            {
                await arrived.WaitAsync(stopping);
                continue;
            }
            await RouteOrHoldAsync(batch, stopping);
            foreach (var record in batch)
                record.Finish();
        }
    }

    /// <summary>When the service stops before a batch could be routed, its records are given back: whatever was done about them may be done
    /// again.</summary>
    private async Task RouteOrHoldAsync(List<ConsumedRecord> batch, CancellationToken stopping)
    {
        try
        {
            await RouteSurelyAsync(batch, stopping);
        }
        catch (OperationCanceledException)
        {
            batch.ForEach(record => record.Hold());
            throw;
        }
    }

    /// <summary>A record that breaks the batch is found by routing one by one, and becomes a dead letter; the others go their
    /// way.</summary>
    private async Task RouteSurelyAsync(List<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            while (batch.Count > 0 && !await TryRouteAsync(batch, cancellationToken))
                await PauseAsync(batch, cancellationToken);
        }
#pragma warning disable CA1031 // The consume loop's catch: whatever one record can break must not stop its partition.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (batch.Count > 1)
            {
                foreach (var record in batch)
                    await RouteSurelyAsync([record], cancellationToken);
                return;
            }
            Log.Failed(logger, batch[0].Topic, batch[0].Partition, batch[0].Offset, fault);
            await deadLetters.KeepAsync(batch[0], DeadLetterCauses.Failed, cancellationToken, fault.GetType().Name);
            metrics.DeadLettered(DeadLetterCauses.Failed);
        }
    }

    /// <summary>
    /// Nobody works on the records meanwhile, so a rebalance need not wait for Postgres; those that go to another member drop out.
    /// </summary>
    private async Task PauseAsync(List<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        batch.ForEach(record => record.Hold());
        await Task.Delay(RetryPause, time, cancellationToken);
        batch.RemoveAll(record => !record.TryBegin());
    }

    /// <summary>False when Postgres or Kafka is away: everything in here may be done again.</summary>
    private async Task<bool> TryRouteAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await RouteAsync(batch, cancellationToken);
            return true;
        }
        catch (Exception fault)
            when (!cancellationToken.IsCancellationRequested && (DatabaseFaults.IsPassing(fault) || fault is ProduceFailedException))
        {
            Log.Waiting(logger, lane, fault.GetType().Name);
            return false;
        }
    }

    private async Task RouteAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken)
    {
        var readable = new List<IncomingNotification>(batch.Count);
        foreach (var record in batch)
        {
            var result = await reader.ReadAsync(record, lane, cancellationToken);
            if (result.Notification is { } notification)
            {
                readable.Add(notification);
                continue;
            }
            await deadLetters.KeepAsync(record, result.Cause!, cancellationToken, result.Detail);
            metrics.DeadLettered(result.Cause!);
            Log.DeadLetter(logger, record.Topic, record.Partition, record.Offset, result.Cause!);
        }
        foreach (var part in IntakeParts.Of(readable))
            await RoutePartAsync(part, cancellationToken);
        foreach (var notification in readable) // once all of them are: where a part fails, all parts are done again
            metrics.Routed(lane, time.GetUtcNow() - notification.AcceptedAt);
    }

    private async Task RoutePartAsync(List<IncomingNotification> part, CancellationToken cancellationToken)
    {
        if (!RoutingMetrics.Activities.HasListeners())
        {
            await router.RouteAsync(lane, part, notification => notification.TraceParent, cancellationToken);
            return;
        }
        var spans = part.ToDictionary(notification => notification, StartSpan);
        try
        {
            await router.RouteAsync(lane, part, notification => spans[notification]?.Id ?? notification.TraceParent, cancellationToken);
        }
        finally
        {
            foreach (var span in spans.Values)
                span?.Dispose();
        }
    }

    private Activity? StartSpan(IncomingNotification notification)
    {
        if (!RoutingMetrics.Activities.HasListeners())
            return null; // nothing is exported: the caller's own trace goes on
        var current = Activity.Current;
        var span = Traces.StartFrom(
            RoutingMetrics.Activities,
            "route",
            ActivityKind.Consumer,
            notification.Record.Headers.Text(RecordHeaders.TraceParent)
        );
        span?.SetTag("notify.notification.id", notification.Id).SetTag("notify.lane", lane.ToName());
        Activity.Current = current; // a batch holds many; none of them is the parent of the next
        return span;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Routing the {Lane} lane waits ({Fault}); trying again.")]
        public static partial void Waiting(ILogger logger, Lane lane, string fault);

        [LoggerMessage(LogLevel.Error, "Routing record {Topic}/{Partition}@{Offset} failed; it becomes a dead letter.")]
        public static partial void Failed(ILogger logger, string topic, int partition, long offset, Exception fault);

        [LoggerMessage(LogLevel.Warning, "Record {Topic}/{Partition}@{Offset} became a dead letter: {Cause}.")]
        public static partial void DeadLetter(ILogger logger, string topic, int partition, long offset, string cause);
    }
}
