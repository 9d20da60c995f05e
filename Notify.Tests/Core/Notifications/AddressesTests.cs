using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

public sealed class AddressesTests
{
    [Theory]
    [InlineData("a@b.c", true)]
    [InlineData("first.last+tag@sub.example.com", true)]
    [InlineData("o'hara@example.com", true)]
    [InlineData("jürgen@müller.example", true)]
    [InlineData("उदाहरण@उदाहरण.परीक्षा", true)]
    [InlineData("a@b", false)]
    [InlineData("@example.com", false)]
    [InlineData("a@", false)]
    [InlineData("plain", false)]
    [InlineData("a@@example.com", false)]
    [InlineData("a@b@example.com", false)]
    [InlineData(".a@example.com", false)]
    [InlineData("a.@example.com", false)]
    [InlineData("a..b@example.com", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("\"a b\"@example.com", false)]
    [InlineData("a@[127.0.0.1]", false)]
    [InlineData("a@-example.com", false)]
    [InlineData("a@example-.com", false)]
    [InlineData("a@example..com", false)]
    [InlineData("a@example.com\n", false)]
    [InlineData("a@example.com\r\nBcc: x@example.com", false)]
    [InlineData("A <a@example.com>", false)]
    [InlineData("A <a@example.com", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Mail_addresses_are_held_to_the_plain_form(string? text, bool expected) => Assert.Equal(expected, Addresses.IsEmail(text));

    [Theory]
    [InlineData(64, 'a', true)]
    [InlineData(65, 'a', false)]
    [InlineData(32, 'é', true)]
    [InlineData(33, 'é', false)]
    public void Local_part_has_at_most_64_octets(int length, char letter, bool expected) =>
        Assert.Equal(expected, Addresses.IsEmail(new string(letter, length) + "@example.com"));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Label_has_at_most_63_characters(int length, bool expected) =>
        Assert.Equal(expected, Addresses.IsEmail($"a@{new string('b', length)}.com"));

    [Theory]
    [InlineData(254, 'b', true)]
    [InlineData(255, 'b', false)]
    [InlineData(200, 'é', false)]
    public void Address_has_at_most_254_octets(int length, char letter, bool expected)
    {
        var labels = string.Join('.', Enumerable.Repeat(new string(letter, 49), 4)); // 199 characters
        var address = $"a@{labels}.{new string('b', Math.Max(1, length - 2 - 199 - 1))}";
        Assert.Equal(expected, Addresses.IsEmail(address));
    }

    [Theory]
    [InlineData("+12", true)]
    [InlineData("+15005550006", true)]
    [InlineData("+123456789012345", true)]
    [InlineData("+1234567890123456", false)]
    [InlineData("+1", false)]
    [InlineData("+0123456", false)]
    [InlineData("15005550006", false)]
    [InlineData("+1 500 555 0006", false)]
    [InlineData("+1500555\n", false)]
    [InlineData("+١٢٣٤٥", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Phone_numbers_are_e164(string? text, bool expected) => Assert.Equal(expected, Addresses.IsPhone(text));

    [Theory]
    [InlineData(1, true)]
    [InlineData(4_096, true)]
    [InlineData(4_097, false)]
    [InlineData(0, false)]
    public void Token_has_1_to_4096_characters(int length, bool expected) =>
        Assert.Equal(expected, Addresses.IsToken(new string('t', length)));

    [Theory]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("\u007f")]
    [InlineData(null)]
    public void Token_is_visible_ascii(string? token) => Assert.False(Addresses.IsToken(token));

    [Theory]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [InlineData(0, false)]
    public void Recipient_id_has_1_to_128_characters(int length, bool expected) =>
        Assert.Equal(expected, Addresses.IsRecipientId(new string('u', length)));

    [Fact]
    public void Recipient_id_has_no_control_characters_and_may_be_in_any_script()
    {
        Assert.True(Addresses.IsRecipientId("usuario ñ/42 👤"));
        Assert.False(Addresses.IsRecipientId("a\u0000b"));
        Assert.False(Addresses.IsRecipientId("a\u0085"));
        Assert.False(Addresses.IsRecipientId(null));
    }

    [Fact]
    public void Platforms_and_environments_are_closed_sets()
    {
        Assert.All(["fcm", "apns"], platform => Assert.True(Addresses.IsPlatform(platform)));
        Assert.All(["FCM", "webpush", "", null], platform => Assert.False(Addresses.IsPlatform(platform)));
        Assert.All(["production", "sandbox"], environment => Assert.True(Addresses.IsEnvironment(environment)));
        Assert.All(["Production", "test", "", null], environment => Assert.False(Addresses.IsEnvironment(environment)));
        Assert.True(Addresses.IsApp(new string('a', 256)));
        Assert.All(["", new string('a', 257), "a\tb"], app => Assert.False(Addresses.IsApp(app)));
    }
}
