using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Workers.Email;
using Notify.Workers.Push;
using Notify.Workers.Sms;

namespace Notify.Tests.Workers;

public sealed class MessageTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly DateTimeOffset Expiry = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Push_carries_its_device()
    {
        var registered = Expiry.AddDays(-9);
        var device = new DeviceInfo
        {
            DeviceId = "d",
            Platform = "apns",
            App = "com.example",
            Environment = "sandbox",
            RegisteredAt = registered,
        };
        var message = PushMessage.Of(
            Record(
                "token",
                "normal",
                device,
                new()
                {
                    Title = "T",
                    Body = "B",
                    Data = new Dictionary<string, string> { ["k"] = "v" },
                }
            )
        );

        Assert.Equal(
            (Id, "apns", "token", "com.example", "sandbox", (DateTimeOffset?)registered),
            (message.DeliveryId, message.Platform, message.Token, message.App, message.Environment, message.RegisteredAt)
        );
        Assert.Equal(("T", "B", "v", Expiry), (message.Title, message.Body, message.Data["k"], message.ExpiresAt));
    }

    [Theory]
    [InlineData("critical", true)]
    [InlineData("high", true)]
    [InlineData("normal", true)]
    [InlineData("low", false)]
    public void Low_priority_alone_does_not_wake_a_device(string priority, bool high)
    {
        var message = PushMessage.Of(
            Record("token", priority, new() { Platform = "fcm", Environment = "production" }, new() { Body = "B" })
        );
        Assert.Equal(high, message.HighPriority);
        Assert.Empty(message.Data);
    }

    [Fact]
    public void Push_without_a_device_is_refused() =>
        Assert.Throws<InvalidDataException>(() => PushMessage.Of(Record("token", "normal", null, new() { Body = "B" })));

    [Fact]
    public void Mail_and_text_message_carry_their_words()
    {
        var mail = EmailMessage.Of(
            Record(
                "a@example.com",
                "normal",
                null,
                new()
                {
                    Title = "S",
                    Body = "T",
                    Html = "H",
                }
            )
        );
        Assert.Equal((Id, "a@example.com", "S", "T", "H"), (mail.DeliveryId, mail.To, mail.Subject, mail.Text, mail.Html));

        var text = SmsMessage.Of(Record("+15005550006", "normal", null, new() { Body = "B" }));
        Assert.Equal((Id, "+15005550006", "B", Expiry), (text.DeliveryId, text.To, text.Text, text.ExpiresAt));
    }

    private static DeliveryRecord Record(string address, string priority, DeviceInfo? device, DeliveryContent content) =>
        new()
        {
            Id = Id,
            NotificationId = Guid.CreateVersion7(),
            Address = address,
            Device = device,
            Priority = priority,
            ExpiresAt = Expiry,
            Content = content,
        };
}
