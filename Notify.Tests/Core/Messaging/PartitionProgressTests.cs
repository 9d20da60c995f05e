using Confluent.Kafka;
using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class PartitionProgressTests
{
    private readonly PartitionProgress _progress = new();

    [Fact]
    public void Offset_to_commit_follows_the_finished_records()
    {
        var records = Start(10, 11, 12);
        Assert.Null(Take());
        records[0].Finish();
        Assert.Equal(11, Take());
        Assert.Null(Take());
        records[1].Finish();
        records[2].Finish();
        Assert.Equal(13, Take());
        Assert.Equal(0, _progress.InFlight);
    }

    [Fact]
    public void Unfinished_record_holds_back_all_that_came_after_it()
    {
        var records = Start(5, 6, 7, 9); // 8 was a control record: offsets have holes
        records[3].Finish();
        records[1].Finish();
        records[2].Finish();
        Assert.Null(Take());
        Assert.Equal(4, _progress.InFlight);
        records[0].Finish();
        Assert.Equal(10, Take());
    }

    [Fact]
    public void Finishing_twice_changes_nothing()
    {
        var record = Start(1)[0];
        record.Finish();
        record.Finish();
        Assert.Equal(2, Take());
        Assert.Null(Take());
    }

    [Fact]
    public async Task Watermark_never_passes_an_unfinished_record()
    {
        var records = Start([.. Enumerable.Range(0, 5_000).Select(i => (long)i)]);
        var order = new Random(42);
        var shuffled = records.OrderBy(_ => order.Next()).ToList();
        var finishing = Task.Run(() => Parallel.ForEach(shuffled, record => record.Finish()), TestContext.Current.CancellationToken);
        var committed = 0L;
        while (_progress.InFlight > 0)
        {
            if (Take() is not { } next)
                continue;
            Assert.True(next > committed);
            Assert.All(records.Take((int)next), record => Assert.True(record.IsFinished));
            committed = next;
        }
        await finishing;
        Assert.Equal(5_000, committed);
    }

    private long? Take() => _progress.TryTakeCommittable(out var offset) ? offset : null;

    private List<ConsumedRecord> Start(params long[] offsets)
    {
        var records = offsets
            .Select(offset => new ConsumedRecord(
                new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = new("t", 0, offset), Message = new() }
            ))
            .ToList();
        records.ForEach(_progress.Started);
        return records;
    }
}
