using MailKit;
using MailKit.Net.Smtp;

namespace Notify.Tests.Packages.MailKit;

public sealed class SmtpFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("MAIL", SmtpErrorCode.SenderNotAccepted, true)]
    [InlineData("MAIL", SmtpErrorCode.SenderNotAccepted, false)]
    [InlineData("RCPT", SmtpErrorCode.RecipientNotAccepted, true)]
    [InlineData("RCPT", SmtpErrorCode.RecipientNotAccepted, false)]
    [InlineData("DATA", SmtpErrorCode.UnexpectedStatusCode, true)]
    [InlineData("CONTENT", SmtpErrorCode.MessageNotAccepted, true)]
    public async Task Refused_mail_leaves_the_connection_to_the_next(string verb, SmtpErrorCode error, bool pipelining)
    {
        var refuse = true;
        await using var server = new ScriptedSmtpServer
        {
            Offers = pipelining ? ["PIPELINING"] : [],
            Answer = line => refuse && line.StartsWith(verb, StringComparison.Ordinal) ? "550 5.1.1 Not here" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));
        refuse = false;
        await client.SendAsync(SmtpSessions.Mail(to: "next@example.test"), Cancel);

        Assert.Equal(
            (error, SmtpStatusCode.MailboxUnavailable, "5.1.1 Not here"),
            (refused.ErrorCode, refused.StatusCode, refused.Message)
        );
        Assert.Equal(
            verb switch
            {
                "MAIL" => "from@example.test",
                "RCPT" => "to@example.test",
                _ => null,
            },
            refused.Mailbox?.Address
        );
        Assert.Equal("RCPT TO:<next@example.test>", Assert.Single(Assert.Single(server.Mails).Recipients));
        Assert.Equal(1, server.Connections);
        Assert.Contains("RSET", server.Lines);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    public async Task Connection_that_drops_while_it_is_made_is_no_connection(string verb)
    {
        await using var server = new ScriptedSmtpServer
        {
            Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? ScriptedSmtpServer.Drop : null,
        };
        using var client = new SmtpClient();

        await AssertDropsAsync(() =>
            client.ConnectAsync("127.0.0.1", server.Port, global::MailKit.Security.SecureSocketOptions.None, Cancel)
        );

        Assert.False(client.IsConnected);
    }

    [Theory]
    [InlineData("MAIL", true)]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", true)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", true)]
    [InlineData("LINE", true)]
    [InlineData("CONTENT", true)]
    public async Task Connection_that_drops_during_a_mail_is_known_to_be_gone(string verb, bool pipelining)
    {
        await using var server = new ScriptedSmtpServer
        {
            Offers = pipelining ? ["PIPELINING"] : [],
            Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? ScriptedSmtpServer.Drop : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await AssertDropsAsync(() => client.SendAsync(SmtpSessions.Mail(), Cancel));

        Assert.False(client.IsConnected);
        await Assert.ThrowsAsync<ServiceNotConnectedException>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));
        await Assert.ThrowsAsync<ServiceNotConnectedException>(() => client.NoOpAsync(Cancel));
    }

    [Fact]
    public async Task Server_that_closes_with_a_reason_is_quoted()
    {
        await using var server = new ScriptedSmtpServer();
        server.Answer = line =>
            line.StartsWith("MAIL", StringComparison.Ordinal) ? "421 4.3.2 Shutting down"
            : line.StartsWith("RCPT", StringComparison.Ordinal) ? ScriptedSmtpServer.Drop
            : null;
        using var client = await server.ConnectAsync(Cancel);

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));

        Assert.Equal(SmtpStatusCode.ServiceNotAvailable, refused.StatusCode);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task What_is_no_reply_ends_the_session()
    {
        await using var server = new ScriptedSmtpServer
        {
            Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "HTTP/1.1 400 Bad Request" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await Assert.ThrowsAsync<SmtpProtocolException>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));

        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Silent_server_is_given_up_after_the_timeout()
    {
        await using var server = new ScriptedSmtpServer { Answer = line => line == "CONTENT" ? ScriptedSmtpServer.Silence : null };
        using var client = await server.ConnectAsync(Cancel);
        client.Timeout = 200;

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));

        Assert.True(fault is TimeoutException or IOException, fault.GetType().Name);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Cancelled_send_disconnects()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var server = new ScriptedSmtpServer
        {
            Before = line => line == "DATA" ? source.CancelAsync() : Task.CompletedTask,
            Answer = line => line == "DATA" ? ScriptedSmtpServer.Silence : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(SmtpSessions.Mail(), source.Token));

        Assert.False(client.IsConnected);
        Assert.Empty(server.Mails);
    }

    private static async Task AssertDropsAsync(Func<Task> exchange)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(exchange);
        Assert.True(fault is SmtpProtocolException or IOException, fault.GetType().Name);
    }
}
