using System.Reflection;
using Confluent.Kafka;
using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class RecordProducerTests
{
    [Fact]
    public async Task What_a_broker_refused_together_is_asked_for_alone_and_only_the_large_one_is_too_large()
    {
        var refusing = DispatchProxy.Create<IProducer<byte[], byte[]>, RefusingBroker>();
        var producer = new RecordProducer(refusing);

        var results = await producer.TryProduceAllAsync([Record(10), Record(5_000), Record(10)]);

        Assert.Equal([ProduceResult.Persisted, ProduceResult.TooLarge, ProduceResult.Persisted], results);
        Assert.Equal(6, ((RefusingBroker)(object)refusing).Asked);
    }

    [Fact]
    public async Task Resending_stops_at_the_first_that_is_not_confirmed()
    {
        var refusing = DispatchProxy.Create<IProducer<byte[], byte[]>, RefusingBroker>();
        ((RefusingBroker)(object)refusing).AwayAfter = 5;
        var producer = new RecordProducer(refusing);

        // The first is taken when it comes alone, and then the broker goes away.
        var results = await producer.TryProduceAllAsync([Record(10), Record(5_000), Record(10)]);
        var later = await producer.TryProduceAllAsync([Record(10)]);

        Assert.Equal([ProduceResult.Persisted, ProduceResult.Unconfirmed, ProduceResult.Unconfirmed], results);
        Assert.Equal([ProduceResult.Unconfirmed], later);
        Assert.Equal(3 + 2 + 1, ((RefusingBroker)(object)refusing).Asked);
    }

    private static OutgoingRecord Record(int bytes) => new("t", [], new byte[bytes], []);

    /// <summary>Three records travel together at first, with a large one among them.</summary>
#pragma warning disable CA1852 // The proxy's class derives from it, at run time.
    internal class RefusingBroker : DispatchProxy
#pragma warning restore CA1852
    {
        public int Asked { get; private set; }

        /// <summary>From this call on nothing is confirmed.</summary>
        public int AwayAfter { get; set; } = int.MaxValue;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var message = (Message<byte[], byte[]>)args![1]!;
            var refused = ++Asked <= 3 || message.Value.Length > 1_000;
            var code =
                Asked >= AwayAfter ? ErrorCode.Local_MsgTimedOut
                : refused ? ErrorCode.MsgSizeTooLarge
                : ErrorCode.NoError;
            ((Action<DeliveryReport<byte[], byte[]>>)args[2]!)(
                new()
                {
                    Error = new(code),
                    Message = message,
                    Status = code != ErrorCode.NoError ? PersistenceStatus.NotPersisted : PersistenceStatus.Persisted,
                }
            );
            return null;
        }
    }
}
