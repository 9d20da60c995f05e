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
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(100);

    // Well below max.poll.interval.ms (5 min): a lane whose work stands still keeps its partitions by polling paused.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // A batch is handed on before the next is read: whoever is first in it should not wait for a long backlog to be read.
    private const int MaxBatch = 500;
    private readonly ReadWindow _window = new(handler.MaxInFlight, options.Value.ReadAheadBytes);
    private readonly Lock _asking = new();
    private PartitionLedger? _ledger;
    private IConsumer<byte[], byte[]>? _consumer;
    private IReadOnlyList<PartitionStanding> _standing = [];
    private List<ConsumedRecord> _taking = []; // read, and not handed on yet
    private long _looked;
    private int _joined;
    private Exception? _handlerFault;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Topic => topic;

    /// <summary>How far the partitions of this member have come, as of a second ago.</summary>
    public IReadOnlyList<PartitionStanding> Standing => Volatile.Read(ref _standing);

    private PartitionLedger Ledger => _ledger ??= new(record => _window.Ended(record.Value.Length));

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
                Withhold([.. Ledger.Partitions]);
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
        var room = TakeRoom(consumer, stopping);
        if (room.Records <= 0)
            return;
        var batch = TakeBatch(consumer, room, stopping);
        _taking = [];
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

    /// <summary>Waits for room without leaving the group: after a long silence it polls with every partition paused.</summary>
    private ReadRoom TakeRoom(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_window.WaitForRoom(PollWait, stopping) is { Records: > 0 } room)
                return room with { Records = Math.Min(room.Records, MaxBatch) };
            StoreFinished(consumer);
            if (Stopwatch.GetElapsedTime(started) < MaxSilence)
                continue;
            PollPaused(consumer);
            return default;
        }
    }

    private void PollPaused(IConsumer<byte[], byte[]> consumer)
    {
        var assigned = consumer.Assignment;
        consumer.Pause(assigned);
        // Nothing can come from paused partitions; should the client hand out a record all the same, it is read again from its offset.
        if (Consume(consumer, TimeSpan.Zero) is { } stray)
            consumer.Seek(stray.TopicPartitionOffset);
        consumer.Resume(consumer.Assignment);
    }

    /// <summary>Waits for one record, then takes what is already here.</summary>
    private List<ConsumedRecord> TakeBatch(IConsumer<byte[], byte[]> consumer, ReadRoom room, CancellationToken stopping)
    {
        var bytes = 0L;
        var batch = _taking = [];
        var wait = PollWait;
        while (batch.Count < room.Records && (bytes < room.Bytes || batch.Count == 0) && !stopping.IsCancellationRequested)
        {
            if (Consume(consumer, wait) is not { } result)
                break;
            wait = TimeSpan.Zero;
            var record = Ledger.Start(result);
            _window.Opened(1, record.Value.Length);
            batch.Add(record);
            bytes += record.Value.Length;
        }
        return batch;
    }

    private ConsumeResult<byte[], byte[]>? Consume(IConsumer<byte[], byte[]> consumer, TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait) is { IsPartitionEOF: false, Message: not null } result ? result : null;
        }
        // such as a topic that is not there yet, or a broker that went away: the client goes on by itself
        catch (ConsumeException fault) when (!fault.Error.IsFatal)
        {
            Log.ConsumeFault(logger, topic, fault.Error.Code);
            return null;
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
        Withhold(revoked);
        Drain(consumer, revoked, options.Value.RevokeDrain);
        Ledger.Forget(revoked);
    }

    void ILaneRebalance.Lost(IEnumerable<TopicPartition> partitions)
    {
        List<TopicPartition> lost = [.. partitions];
        Withhold(lost);
        Ledger.Forget(lost);
    }

    /// <summary>What was read and not handed on is nobody's work yet: this thread would begin it, and is in here. Waited for, it would take
    /// all the time there is.</summary>
    private void Withhold(List<TopicPartition> partitions)
    {
        foreach (var record in _taking)
        {
            if (partitions.Contains(new(record.Topic, record.Partition)))
                record.Hold();
        }
    }

    private void Drain(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, TimeSpan limit) =>
        Log.Drained(logger, topic, partitions.Count, Ledger.Drain(consumer, partitions, limit).TotalMilliseconds);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The consume loop of {Topic} failed; the service stops and is started again by its host.")]
        public static partial void Failed(ILogger logger, string topic, Exception fault);

        [LoggerMessage(LogLevel.Debug, "Reading {Topic}: {Code}; the client goes on by itself.")]
        public static partial void ConsumeFault(ILogger logger, string topic, ErrorCode code);

        [LoggerMessage(LogLevel.Debug, "Drained {Partitions} partitions of {Topic} in {Milliseconds} ms.")]
        public static partial void Drained(ILogger logger, string topic, int partitions, double milliseconds);
    }
}
