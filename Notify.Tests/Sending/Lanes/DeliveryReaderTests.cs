using Notify.Core.Channels;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Lanes;
using Notify.Sending.Providers;

namespace Notify.Tests.Sending.Lanes;

public sealed class DeliveryReaderTests
{
    [Fact]
    public void Record_that_breaks_the_rendering_becomes_a_dead_letter()
    {
        var reader = new DeliveryReader<SmsMessage>(Channel.Sms, _ => throw new InvalidOperationException("not this one"));

        Assert.False(
            reader.TryRead(
                Jobs.Record(new("acme", UuidV7.New(TimeProvider.System.GetUtcNow())), "+15005550001"),
                out var job,
                out var unreadable
            )
        );

        Assert.Null(job);
        Assert.Equal(DeadLetterCauses.Failed, unreadable?.Cause);
    }
}
