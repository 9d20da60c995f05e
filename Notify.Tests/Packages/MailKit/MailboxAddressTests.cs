using MimeKit;

namespace Notify.Tests.Packages.MailKit;

public sealed class MailboxAddressTests
{
    [Theory]
    [InlineData("user@example.test", "user", "example.test")]
    [InlineData("first.last+tag@sub.example.test", "first.last+tag", "sub.example.test")]
    [InlineData("\"quoted local\"@example.test", "\"quoted local\"", "example.test")]
    [InlineData("user@[127.0.0.1]", "user", "[127.0.0.1]")]
    [InlineData("jürgen@example.test", "jürgen", "example.test")]
    public void Address_is_taken_apart(string address, string local, string domain)
    {
        var mailbox = new MailboxAddress("", address);

        Assert.Equal((address, local, domain), (mailbox.Address, mailbox.LocalPart, mailbox.Domain));
    }

    [Theory]
    [InlineData("user@example.test\r\nRCPT TO:<victim@example.test>")]
    [InlineData("\"a\r\nRCPT TO:<victim@example.test>\"@example.test")]
    [InlineData("\"a\nb\"@example.test")]
    [InlineData("user>@example.test")]
    [InlineData("user@example.test> SIZE=1")]
    [InlineData("a@b@c")]
    [InlineData("@example.test")]
    [InlineData("user@")]
    [InlineData("us\0er@example.test")]
    public void Address_that_could_break_out_of_its_command_is_refused(string address)
    {
        Assert.Throws<ParseException>(() => new MailboxAddress("", address));
        Assert.False(MailboxAddress.TryParse(address, out _));
    }

    [Theory]
    [InlineData("user@example.test", null, "user@example.test")]
    [InlineData("Some Body <user@example.test>", "Some Body", "user@example.test")]
    [InlineData("\"Body, Some\" <user@example.test>", "Body, Some", "user@example.test")]
    [InlineData("=?utf-8?q?J=C3=BCrgen?= <user@example.test>", "Jürgen", "user@example.test")]
    public void Name_and_address_are_read(string text, string? name, string address)
    {
        Assert.True(MailboxAddress.TryParse(text, out var mailbox));

        Assert.Equal((name ?? "", address), (mailbox.Name ?? "", mailbox.Address));
        Assert.Equal(address, MailboxAddress.Parse(text).Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Name <user@example.test")]
    [InlineData("Name <>x")]
    public void Text_without_an_address_is_refused(string text) => Assert.False(MailboxAddress.TryParse(text, out _));

    [Theory]
    [InlineData("Notify", "Notify <")]
    [InlineData("Notify, Inc.", "\"Notify, Inc.\" <")]
    [InlineData("Jürgen", "=?utf-8?")]
    public async Task Name_is_written_as_its_characters_need(string name, string start)
    {
        var mail = new MimeMessage { Body = new TextPart("plain") { Text = "Hi" } };
        mail.From.Add(new MailboxAddress(name, "user@example.test"));
        using var stream = new MemoryStream();

        await mail.WriteToAsync(stream, TestContext.Current.CancellationToken);

        Assert.Contains($"From: {start}", System.Text.Encoding.UTF8.GetString(stream.ToArray()), StringComparison.OrdinalIgnoreCase);
        stream.Position = 0;
        var read = await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken);
        Assert.Equal(name, Assert.Single(read.From.Mailboxes).Name);
    }

    [Fact]
    public void International_domain_has_an_ascii_form() =>
        Assert.Equal("user@xn--bcher-kva.example", new MailboxAddress("", "user@bücher.example").GetAddress(idnEncode: true));
}
