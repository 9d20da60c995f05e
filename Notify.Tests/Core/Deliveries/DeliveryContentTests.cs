using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Deliveries;

public sealed class DeliveryContentTests
{
    private const string Common =
        """{"message":{"title":"T","body":"B"},"payload":{"s":"text","n":1.50,"b":true,"z":null,"o":{"a":[1]}}}""";
    private const string Own =
        """{"message":{"title":"T","body":"B","push":{"title":"PT","body":"PB"},"email":{"subject":"ES","text":"ET","html":"EH"},"sms":{"body":"SB"}}}""";

    [Theory]
    [InlineData(Channel.Push, Common, "T", "B", null)]
    [InlineData(Channel.Email, Common, "T", "B", null)]
    [InlineData(Channel.Sms, Common, null, "B", null)]
    [InlineData(Channel.Push, Own, "PT", "PB", null)]
    [InlineData(Channel.Email, Own, "ES", "ET", "EH")]
    [InlineData(Channel.Sms, Own, null, "SB", null)]
    [InlineData(Channel.Email, "{}", null, null, null)]
    public void Channels_own_words_come_before_the_common_ones(Channel channel, string json, string? title, string? body, string? html)
    {
        var content = DeliveryContent.For(channel, Read(json));
        Assert.Equal((title, body, html), (content.Title, content.Body, content.Html));
    }

    [Fact]
    public void Payload_travels_with_push_alone_as_strings()
    {
        var data = DeliveryContent.For(Channel.Push, Read(Common)).Data!;
        Assert.Equal(["text", "1.50", "true", "null", """{"a":[1]}"""], new[] { "s", "n", "b", "z", "o" }.Select(key => data[key]));
        Assert.Null(DeliveryContent.For(Channel.Push, Read(Own)).Data);
        Assert.Null(DeliveryContent.For(Channel.Email, Read(Common)).Data);
        Assert.Null(DeliveryContent.For(Channel.Sms, Read(Common)).Data);
    }

    [Fact]
    public void Every_channel_has_content()
    {
        Assert.All(ChannelNames.All, channel => Assert.NotNull(DeliveryContent.For(channel, Read(Own)).Body));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeliveryContent.For((Channel)99, Read(Own)));
    }

    private static NotificationRequest Read(string json) => JsonSerializer.Deserialize(json, NotificationJson.Strict.NotificationRequest)!;
}
