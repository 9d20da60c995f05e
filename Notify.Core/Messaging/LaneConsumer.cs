using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Notify.Core.Messaging;

/// <summary>
/// One loop over one topic: reads what there is room for, hands it on, and stores the offsets that are contiguously finished.
/// Runs on a thread of its own, since reading blocks; rebalance callbacks run inside reading, on the same thread.
/// </summary>
public sealed partial class LaneConsumer(
    string topic,
    Func<IConsumer<byte[], byte[]>> connect,
    IRecordHandler handler,
    MessagingMetrics metrics,
    IOptions<KafkaOptions> options,
    ILogger<LaneConsumer> logger
) : ILaneRebalance
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private readonly ReadWindow _window = new(handler.MaxInFlight, options.Value.ReadAheadBytes);
    private readonly Lock _asking = new();
    private PartitionLedger? _ledger;
    private RecordReading? _reading;
    private IConsumer<byte[], byte[]>? _consumer;
    private IReadOnlyList<PartitionStanding> _standing = [];
    private long _looked;
    private int _joined;
    private Exception? _handlerFault;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Topic => topic;

    /// <summary>How far the partitions of this member have come, as of a second ago.</summary>
    public IReadOnlyList<PartitionStanding> Standing => Volatile.Read(ref _standing);

    private PartitionLedger Ledger => _ledger ??= new(record => _window.Ended(record.Value.Length));

    private RecordReading Reading => _reading ??= new(topic, _window, Ledger, StoreFinished, logger);

    /// <summary>Ends when the loop has stopped and its offsets are committed; faults when it failed.</summary>
    public Task Completion => _ended.Task;

    /// <summary>
    /// Asks the client what is safe to be asked beside reading; false where it does not read. It is not closed meanwhile: a client that is
    /// closed leaves a question unanswered, whatever time it was given.
    /// </summary>
    public bool TryAsk<T>(Func<IConsumer<byte[], byte[]>, T> question, [MaybeNullWhen(false)] out T answer)
    {
        lock (_asking)
        {
            answer = _consumer is { } consumer ? question(consumer) : default;
            return _consumer is not null;
        }
    }

    public void Start(CancellationToken stopping) => new Thread(() => Run(stopping)) { IsBackground = true, Name = topic }.Start();

    private void Run(CancellationToken stopping)
    {
        try
        {
            var consumer = connect();
            consumer.Subscribe(topic);
            lock (_asking)
                _consumer = consumer;
            _ = WatchAsync(handler.RunAsync(stopping), stopping);
            try
            {
                while (!stopping.IsCancellationRequested)
                {
                    if (Volatile.Read(ref _handlerFault) is { } fault)
                        throw new InvalidOperationException($"The work behind {topic} failed.", fault);
                    Step(consumer, stopping);
                }
            }
            finally
            {
                lock (_asking)
                    _consumer = null;
                Reading.Withhold([.. Ledger.Partitions]);
                Drain(consumer, [.. Ledger.Partitions], options.Value.StopDrain);
                consumer.Close();
            }
            _ended.TrySetResult();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _ended.TrySetResult();
        }
#pragma warning disable CA1031 // The one place where a consume loop's fault is caught: it ends the service, which the host restarts.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.Failed(logger, topic, fault);
            _ended.TrySetException(fault);
        }
    }

    private void Step(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        StoreFinished(consumer);
        var batch = Reading.TakeBatch(consumer, stopping);
        if (batch.Count > 0)
            _ = WatchAsync(handler.HandleAsync(batch, stopping), stopping); // in order, on this thread, up to its first wait
    }

    private async Task WatchAsync(Task work, CancellationToken stopping)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Unfinished records keep their offsets and are read again after the restart.
        }
#pragma warning disable CA1031 // A handler deals with its own faults; what still comes out here ends the loop, which says so.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _handlerFault, fault);
        }
    }

    private void StoreFinished(IConsumer<byte[], byte[]> consumer)
    {
        Ledger.Store(consumer);
        if (_looked == 0 || Stopwatch.GetElapsedTime(_looked) > LookInterval)
            Look(consumer);
    }

    /// <summary>Where the lane stands, from what the last fetch brought along: no question to the broker.</summary>
    private void Look(IConsumer<byte[], byte[]> consumer)
    {
        _looked = Stopwatch.GetTimestamp();
        var assigned = consumer.Assignment;
        Volatile.Write(ref _standing, Ledger.StandingOf(assigned));
        var lag = 0L;
        foreach (var partition in assigned)
        {
            var position = consumer.Position(partition);
            if (position != Offset.Unset && consumer.GetWatermarkOffsets(partition) is { High.IsSpecial: false } marks)
                lag += Math.Max(0, marks.High.Value - position.Value);
        }
        metrics.Lag(topic, lag);
    }

    /// <summary>Whether the group has let this lane in once: until then nothing that is accepted is read.</summary>
    public bool HasJoined => Volatile.Read(ref _joined) == 1;

    void ILaneRebalance.Joined() => Volatile.Write(ref _joined, 1);

    void ILaneRebalance.Revoked(IConsumer<byte[], byte[]> consumer, IEnumerable<TopicPartition> partitions)
    {
        List<TopicPartition> revoked = [.. partitions];
        Reading.Withhold(revoked);
        Drain(consumer, revoked, options.Value.RevokeDrain);
        Ledger.Forget(revoked);
    }

    void ILaneRebalance.Lost(IEnumerable<TopicPartition> partitions)
    {
        List<TopicPartition> lost = [.. partitions];
        Reading.Withhold(lost);
        Ledger.Forget(lost);
    }

    private void Drain(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, TimeSpan limit) =>
        Log.Drained(logger, topic, partitions.Count, Ledger.Drain(consumer, partitions, limit).TotalMilliseconds);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The consume loop of {Topic} failed; the service stops and is started again by its host.")]
        public static partial void Failed(ILogger logger, string topic, Exception fault);

        [LoggerMessage(LogLevel.Debug, "Drained {Partitions} partitions of {Topic} in {Milliseconds} ms.")]
        public static partial void Drained(ILogger logger, string topic, int partitions, double milliseconds);
    }
}
