using Confluent.Kafka;
using Notify.Core.Messaging;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Support;

namespace Notify.Tests.Core.Messaging;

public sealed class PartitionLedgerTests : IDisposable
{
    private static readonly TopicPartition First = new("deliveries.sms.standard", 0);
    private static readonly TopicPartition Second = new("deliveries.sms.standard", 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly KafkaBroker _broker = new();
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly PartitionLedger _ledger;
    private int _ended;

    public PartitionLedgerTests()
    {
        _consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = _broker.Address,
                GroupId = "test",
                EnableAutoCommit = false,
                EnableAutoOffsetStore = false,
            }
        ).SetLogHandler((_, _) => { }).Build();
        _consumer.Assign([First, Second]);
        _ledger = new(_ => Interlocked.Increment(ref _ended));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _consumer.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task Drain_withdraws_what_is_held_and_waits_for_what_is_worked_on()
    {
        var worked = Start(First, 10);
        var held = Start(First, 11, held: true);
        var drain = Task.Run(() => _ledger.Drain(_consumer, [First], Patience), Cancel);
        await Until.TrueAsync(() => Volatile.Read(ref _ended) == 1, "The held record is withdrawn.", Cancel);
        Assert.False(held.TryBegin());
        Assert.False(drain.IsCompleted);

        worked.Finish();
        await drain;

        Assert.Equal(11, Committed(First)); // what was withdrawn is read again by whoever has the partition then
    }

    [Fact]
    public async Task Drain_takes_back_what_is_put_aside_while_it_waits()
    {
        for (var offset = 1; offset <= 500; offset++) // so that some are put aside between two steps of the drain
        {
            var record = Start(First, offset);
            var drain = Task.Run(() => _ledger.Drain(_consumer, [First], Patience), Cancel);

            record.Hold();
            await drain;

            Assert.False(record.TryBegin());
            Assert.Equal(offset, _ended);
        }
        Assert.Null(Committed(First));
    }

    [Fact]
    public void Drain_ends_in_its_time_although_work_goes_on()
    {
        var finished = Start(First, 10);
        var working = Start(First, 11);
        finished.Finish();

        _ledger.Drain(_consumer, [First], TimeSpan.FromMilliseconds(20));

        Assert.True(working.IsWorkedOn);
        Assert.Equal(11, Committed(First));
    }

    [Fact]
    public void Drain_of_one_partition_leaves_the_others_alone()
    {
        var (held, other) = (Start(First, 10, held: true), Start(Second, 20, held: true));
        Start(Second, 21);

        _ledger.Drain(_consumer, [First, new TopicPartition("another", 5)], Patience);
        _ledger.Forget([First]);

        Assert.False(held.TryBegin());
        Assert.True(other.TryBegin());
        Assert.Equal([Second], _ledger.Partitions);
    }

    [Fact]
    public void Partition_that_was_lost_takes_its_held_records_along()
    {
        var (held, worked) = (Start(First, 10, held: true), Start(First, 11));

        _ledger.Forget([First]);
        worked.Finish();
        _ledger.Store(_consumer);

        Assert.False(held.TryBegin());
        Assert.Equal(2, _ended);
        Assert.Null(Committed(First));
    }

    [Fact]
    public void Standing_tells_the_oldest_open_record_and_what_is_finished()
    {
        var at = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var oldest = Start(First, 10, at: at);
        Start(First, 11, at: at.AddSeconds(5)).Finish();
        Assert.Equal(
            [new PartitionStanding(First, null, true, at), new PartitionStanding(Second, null, false, null)],
            _ledger.StandingOf([First, Second])
        );

        oldest.Finish();
        _ledger.Store(_consumer);

        Assert.Equal([new PartitionStanding(First, 12, false, null)], _ledger.StandingOf([First]));
    }

    private ConsumedRecord Start(TopicPartition partition, long offset, bool held = false, DateTimeOffset? at = null)
    {
        var record = _ledger.Start(
            new()
            {
                TopicPartitionOffset = new(partition, offset),
                Message = new() { Timestamp = new(at ?? TimeProvider.System.GetUtcNow()) },
            },
            partition.Topic
        );
        if (held)
            record.Hold();
        return record;
    }

    private long? Committed(TopicPartition partition)
    {
        try
        {
            _consumer.Commit();
        }
        catch (KafkaException none) when (none.Error.Code == ErrorCode.Local_NoOffset)
        {
            return null;
        }
        var offset = Assert.Single(_consumer.Committed([partition], Patience)).Offset;
        return offset.IsSpecial ? null : offset.Value;
    }
}
