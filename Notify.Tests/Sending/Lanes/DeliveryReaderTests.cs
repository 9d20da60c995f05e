using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending.Lanes;

namespace Notify.Tests.Sending.Lanes;

public sealed class DeliveryReaderTests
{
    [Fact]
    public void Record_of_a_text_message_needs_no_device()
    {
        Assert.True(new DeliveryReader(Channel.Sms).TryRead(Record(), out var job, out _));
        Assert.Equal("+15005550001", job.Delivery.Address);
    }

    [Fact]
    public void Push_record_without_its_device_cannot_be_used()
    {
        Assert.False(new DeliveryReader(Channel.Push).TryRead(Record(), out var job, out var unreadable));
        Assert.Null(job);
        Assert.Equal(DeadLetterCauses.Unreadable, unreadable.Cause);
        Assert.NotNull(unreadable.Key);
    }

    private static Notify.Core.Messaging.ConsumedRecord Record() =>
        Jobs.Record(new("acme", UuidV7.New(TimeProvider.System.GetUtcNow())), "+15005550001");
}
