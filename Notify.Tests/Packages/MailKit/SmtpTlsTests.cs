using MailKit.Net.Smtp;
using MailKit.Security;

namespace Notify.Tests.Packages.MailKit;

public sealed class SmtpTlsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Starttls_protects_login_and_mail_and_offers_are_asked_for_again()
    {
        await using var server = new ScriptedSmtpServer
        {
            Certificate = TestCertificate.Create(),
            OffersUnderTls = ["AUTH PLAIN", "PIPELINING"],
        };
        using var client = await server.ConnectAsync(Cancel, SecureSocketOptions.StartTls);

        Assert.True(client.IsSecure);
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Authentication));
        Assert.False(client.Capabilities.HasFlag(SmtpCapabilities.Size)); // offered in plain text only
        await client.AuthenticateAsync("user", "secret", Cancel);
        await client.SendAsync(SmtpSessions.Mail(), Cancel);
        await client.DisconnectAsync(true, Cancel);

        Assert.Single(server.Mails);
        Assert.Equal(2, server.Lines.Count(line => line.StartsWith("EHLO ", StringComparison.Ordinal)));
        Assert.All(
            server.Commands.Where(command => !command.Line.StartsWith("EHLO", StringComparison.Ordinal) && command.Line != "STARTTLS"),
            command => Assert.True(command.Secured)
        );
    }

    [Fact]
    public async Task Tls_from_the_first_byte_works()
    {
        await using var server = new ScriptedSmtpServer { Certificate = TestCertificate.Create(), TlsOnConnect = true };
        using var client = await server.ConnectAsync(Cancel, SecureSocketOptions.SslOnConnect);

        await client.SendAsync(SmtpSessions.Mail(), Cancel);

        Assert.True(client.IsSecure);
        Assert.Single(server.Mails);
        Assert.All(server.Commands, command => Assert.True(command.Secured));
    }

    [Fact]
    public async Task Plain_text_sent_along_with_the_answer_to_starttls_is_not_believed()
    {
        await using var server = new ScriptedSmtpServer
        {
            Certificate = TestCertificate.Create(),
            OffersUnderTls = ["AUTH LOGIN"],
            Answer = line => line == "STARTTLS" ? "220 Go\r\n250-injected\r\n250 AUTH PLAIN" : null,
        };
        try
        {
            using var client = await server.ConnectAsync(Cancel, SecureSocketOptions.StartTls);
            Assert.DoesNotContain("PLAIN", client.AuthenticationMechanisms);
            Assert.Contains("LOGIN", client.AuthenticationMechanisms);
        }
        catch (SslHandshakeException)
        {
            // The injected bytes came late and met the handshake: refused as well.
        }
    }

    [Fact]
    public async Task Demanded_starttls_that_is_not_offered_is_refused_before_any_login()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = new SmtpClient();

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            client.ConnectAsync("127.0.0.1", server.Port, SecureSocketOptions.StartTls, Cancel)
        );

        Assert.False(client.IsConnected);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Starttls_where_available_goes_on_in_plain_text()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel, SecureSocketOptions.StartTlsWhenAvailable);

        Assert.True(client.IsConnected);
        Assert.False(client.IsSecure);
    }

    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Certificate_that_nobody_vouches_for_is_refused(SecureSocketOptions security)
    {
        await using var server = new ScriptedSmtpServer
        {
            Certificate = TestCertificate.Create(),
            TlsOnConnect = security == SecureSocketOptions.SslOnConnect,
        };
        using var client = new SmtpClient { CheckCertificateRevocation = false };

        var refused = await Assert.ThrowsAsync<SslHandshakeException>(() =>
            client.ConnectAsync("127.0.0.1", server.Port, security, Cancel)
        );

        Assert.IsType<System.Security.Authentication.AuthenticationException>(refused.InnerException);
        Assert.False(client.IsConnected);
    }
}
