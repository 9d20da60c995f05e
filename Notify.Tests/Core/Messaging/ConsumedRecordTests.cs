using Confluent.Kafka;
using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class ConsumedRecordTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1_795_262_400_000, true)]
    [InlineData(253_402_300_799_999, true)]
    [InlineData(253_402_300_800_000, false)]
    [InlineData(long.MaxValue, false)]
    [InlineData(-2, false)]
    [InlineData(long.MinValue, false)]
    public void Producers_number_is_a_time_only_when_it_can_be_one(long milliseconds, bool known) =>
        Assert.Equal(
            known,
            Record(new Message<byte[], byte[]> { Timestamp = new(milliseconds, TimestampType.CreateTime) }).Time is not null
        );

    [Fact]
    public void Missing_parts_are_empty()
    {
        var record = Record(new Message<byte[], byte[]>());
        Assert.Empty(record.Key);
        Assert.Empty(record.Value);
        Assert.Empty(record.Headers);
        Assert.Null(record.Headers.Text("tenant"));
    }

    [Fact]
    public void Last_header_of_a_name_counts()
    {
        var headers = new Headers().With("tenant", "a").With("tenant", "b").With("traceparent", null);
        Assert.Equal(("b", null), (headers.Text("tenant"), headers.Text("traceparent")));
        Assert.Null(((Headers?)null).Text("tenant"));
        headers.Add("tenant", null);
        Assert.Null(headers.Text("tenant"));
    }

    private static ConsumedRecord Record(Message<byte[], byte[]> message) =>
        new(new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = new("t", 3, 7), Message = message });
}
