using Confluent.Kafka;
using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class PackedHeadersTests
{
    [Fact]
    public void Headers_come_back_as_they_were_in_their_order()
    {
        var headers = new Headers
        {
            { "tenant", "acme"u8.ToArray() },
            { "empty", [] },
            { "none", null },
            { "", "nameless"u8.ToArray() },
            { "größe", [0, 255, 128] },
            { "tenant", "globex"u8.ToArray() },
        };

        var unpacked = PackedHeaders.Unpack(PackedHeaders.Pack(headers));

        Assert.Equal(headers.Select(header => header.Key), unpacked.Select(header => header.Key));
        Assert.Equal(headers.Select(header => header.GetValueBytes()), unpacked.Select(header => header.GetValueBytes()));
        Assert.Empty(PackedHeaders.Unpack(PackedHeaders.Pack([])));
    }

    [Fact]
    public void Record_tells_its_headers_after_they_were_packed_too()
    {
        var record = new ConsumedRecord(
            new()
            {
                TopicPartitionOffset = new((string?)null, 3, 7),
                Message = new() { Headers = new Headers().With("tenant", "acme").With("tenant", "globex") },
            },
            topic: "deliveries.sms.bulk"
        );

        record.PackHeaders();
        record.PackHeaders();

        Assert.Equal(("globex", null), (record.Headers.Text("tenant"), record.Headers.Text("traceparent")));
        Assert.Equal(("deliveries.sms.bulk", 3, 7), (record.Topic, record.Partition, record.Offset));
    }
}
