using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Tests.Core.Channels;

/// <summary>What each channel says of itself; a new one gets a column in each of these tables.</summary>
public sealed class ChannelDefinitionTests
{
    private static readonly Profile s_person = new()
    {
        RecipientId = "u1",
        Email = "ada@Exämple.TEST",
        Phone = "+15005550006",
        Devices =
        [
            new("d1", "fcm", null, "production", "token-1", default),
            new("", "apns", "com.example", "sandbox", "token-2", DateTimeOffset.UnixEpoch),
        ],
    };

    private static readonly RecipientTarget s_everywhere = new()
    {
        Email = "ada@example.test",
        Phone = "+15005550006",
        Push = new() { Token = "token", Platform = "fcm" },
    };

    [Fact]
    public void Every_channel_has_one_definition_and_is_found_by_value_and_by_name()
    {
        Assert.Equal(Enum.GetValues<Channel>(), ChannelDefinition.All.Select(definition => definition.Channel).Order());
        Assert.All(ChannelDefinition.All, definition =>
        {
            Assert.Same(definition, ChannelDefinition.Of(definition.Channel));
            Assert.Same(definition, ChannelDefinition.Named(definition.Name));
            Assert.Equal(definition.Channel, ChannelNames.Parse(definition.Name));
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelDefinition.Of((Channel)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelDefinition.Of((Channel)(-1)));
    }

    [Theory]
    [InlineData("push", "token-1 fcm production d1;token-2 apns sandbox ")]
    [InlineData("email", "ada@xn--exmple-cua.test")]
    [InlineData("sms", "+15005550006")]
    public void Addresses_of_a_person(string channel, string expected)
    {
        Assert.Equal(
            expected,
            string.Join(
                ';',
                Named(channel)
                    .AddressesOf(s_person)
                    .Select(address =>
                        address.Device is { } device
                            ? $"{address.Address} {device.Platform} {device.Environment} {device.DeviceId}"
                            : address.Address
                    )
            )
        );
        Assert.Empty(Named(channel).AddressesOf(new() { RecipientId = "nowhere" }));
    }

    [Theory]
    [InlineData("push")]
    [InlineData("email")]
    [InlineData("sms")]
    public void Inline_recipient_is_reached_by_the_address_of_the_channel_alone(string channel)
    {
        var part = Named(channel).PartOf(s_everywhere);

        Assert.Equal([channel], ChannelDefinition.All.Where(definition => definition.Reaches(part)).Select(definition => definition.Name));
        Assert.False(Named(channel).Reaches(new()));
    }

    [Theory]
    [InlineData("push", "a-device-token-of-some-length", "…length")]
    [InlineData("push", "short-token1", "…")]
    [InlineData("email", "ada@example.test", "ada@example.test")]
    [InlineData("sms", "+15005550006", "+15005550006")]
    public void Address_as_the_API_shows_it(string channel, string address, string expected) =>
        Assert.Equal(expected, Named(channel).Shown(address));

    [Fact]
    public void Push_alone_needs_a_device_limits_addresses_and_can_check_dry()
    {
        Assert.Equal(["push"], NamesOf(definition => !definition.IsComplete(device: null)));
        Assert.Empty(NamesOf(definition => !definition.IsComplete(new() { Platform = "fcm", Environment = "production" })));
        Assert.Equal(["push"], NamesOf(definition => definition.LimitsAddresses));
        Assert.Equal(["push"], NamesOf(definition => definition.CanCheckDry(s_everywhere)));
        Assert.False(
            Named("push")
                .CanCheckDry(
                    new()
                    {
                        Push = new() { Token = "token", Platform = "apns" },
                    }
                )
        );
    }

    private static IEnumerable<string> NamesOf(Func<ChannelDefinition, bool> which) =>
        ChannelDefinition.All.Where(which).Select(definition => definition.Name);

    private static ChannelDefinition Named(string name) => ChannelDefinition.Named(name)!;
}
