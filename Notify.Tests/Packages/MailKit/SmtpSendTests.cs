using MailKit.Net.Smtp;
using MimeKit;

namespace Notify.Tests.Packages.MailKit;

public sealed class SmtpSendTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Final_reply_is_returned_and_the_envelope_is_the_one_given()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);

        var reply = await client.SendAsync(
            SmtpSessions.Mail(),
            new MailboxAddress("", "bounce@example.test"),
            [new MailboxAddress("", "other@example.test")],
            Cancel
        );

        Assert.Equal("2.0.0 Ok: queued as 4XyZ17", reply);
        var mail = Assert.Single(server.Mails);
        Assert.StartsWith("MAIL FROM:<bounce@example.test> SIZE=", mail.Mail, StringComparison.Ordinal);
        Assert.Equal("RCPT TO:<other@example.test>", Assert.Single(mail.Recipients));
    }

    [Fact]
    public async Task Sender_and_recipients_are_sent_together_where_the_server_takes_that()
    {
        // The answer to MAIL is held back until RCPT has come.
        await using var server = new ScriptedSmtpServer
        {
            Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? ScriptedSmtpServer.Later + "250 Ok" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await client.SendAsync(SmtpSessions.Mail(), Cancel);

        Assert.Single(server.Mails);
        Assert.All(server.Commands.Where(command => command.Line == "DATA"), command => Assert.False(command.Ahead));
    }

    [Fact]
    public async Task Without_pipelining_every_command_waits_for_its_answer()
    {
        await using var server = new ScriptedSmtpServer { Offers = [] };
        using var client = await server.ConnectAsync(Cancel);

        await client.SendAsync(SmtpSessions.Mail(), Cancel);

        Assert.Single(server.Mails);
        Assert.All(server.Commands, command => Assert.False(command.Ahead));
    }

    [Fact]
    public async Task Leading_dots_and_line_ends_arrive_as_they_were_sent()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);

        await client.SendAsync(SmtpSessions.Mail(".\n..\n.dots\r\n\nend\n.\n"), Cancel);
        await client.SendAsync(SmtpSessions.Mail("next"), Cancel);

        Assert.Equal(2, server.Mails.Count);
        var mail = await server.Mails.First().ParseAsync(Cancel);
        Assert.Equal(".\n..\n.dots\n\nend\n.\n", mail.TextBody!.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.All(server.Mails, received => Assert.DoesNotContain('\n', received.Content.Replace("\r\n", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Large_text_with_endless_lines_arrives_whole_in_lines_that_servers_take()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);
        var text = string.Concat(Enumerable.Repeat(new string('x', 5000) + " äöü.\n.", 60));

        await client.SendAsync(SmtpSessions.Mail(text), Cancel);

        var received = Assert.Single(server.Mails);
        Assert.All(received.Content.Split("\r\n"), line => Assert.True(line.Length <= 998));
        Assert.Equal(text.TrimEnd(), (await received.ParseAsync(Cancel)).TextBody!.ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public async Task Server_without_ehlo_is_spoken_to_in_the_old_way()
    {
        await using var server = new ScriptedSmtpServer
        {
            Answer = line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "502 5.5.2 What?" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await client.SendAsync(SmtpSessions.Mail(), Cancel);

        Assert.Equal(SmtpCapabilities.None, client.Capabilities);
        Assert.Contains(server.Lines, line => line.StartsWith("HELO ", StringComparison.Ordinal));
        Assert.DoesNotContain("SIZE", Assert.Single(server.Mails).Mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replies_of_many_and_of_long_lines_are_read_whole()
    {
        var longLine = new string('x', 700);
        await using var server = new ScriptedSmtpServer
        {
            Answer = line => line == "CONTENT" ? $"250-first\r\n250-{longLine}\r\n250 queued as 77" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        var reply = await client.SendAsync(SmtpSessions.Mail(), Cancel);

        Assert.Equal(["first", longLine, "queued as 77"], reply.Split('\n'));
    }

    [Fact]
    public async Task Quit_ends_the_session()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);

        await client.NoOpAsync(Cancel);
        await client.DisconnectAsync(true, Cancel);

        Assert.False(client.IsConnected);
        Assert.Equal("QUIT", server.Lines.Last());
    }

    [Fact]
    public async Task Mail_without_recipient_is_not_begun()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.SendAsync(SmtpSessions.Mail(), new MailboxAddress("", "a@example.test"), [], Cancel)
        );

        Assert.True(client.IsConnected);
    }
}
