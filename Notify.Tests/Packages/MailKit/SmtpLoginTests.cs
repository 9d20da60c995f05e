using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Notify.Tests.Packages.MailKit;

public sealed class SmtpLoginTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plain_sends_user_and_password_at_once()
    {
        await using var server = new ScriptedSmtpServer { Offers = ["AUTH PLAIN LOGIN"] };
        using var client = await server.ConnectAsync(Cancel);

        await client.AuthenticateAsync("user", "sécret", Cancel);

        Assert.True(client.IsAuthenticated);
        Assert.Contains($"AUTH PLAIN {Base64("\0user\0sécret")}", server.Lines);
    }

    [Fact]
    public async Task Login_answers_both_challenges()
    {
        await using var server = new ScriptedSmtpServer
        {
            Offers = ["AUTH LOGIN"],
            Answer = line =>
                line == Base64("user") ? "334 UGFzc3dvcmQ6"
                : line == Base64("secret") ? "235 2.7.0 Ok"
                : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await client.AuthenticateAsync("user", "secret", Cancel);

        Assert.True(client.IsAuthenticated);
        Assert.Contains(Base64("secret"), server.Lines);
    }

    [Fact]
    public async Task Refused_login_tells_the_reply_and_keeps_the_connection()
    {
        await using var server = new ScriptedSmtpServer
        {
            Offers = ["AUTH PLAIN"],
            Answer = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? "535 5.7.8 Bad credentials" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("user", "secret", Cancel));

        Assert.Equal(
            SmtpStatusCode.AuthenticationInvalidCredentials,
            Assert.IsType<SmtpCommandException>(refused.InnerException).StatusCode
        );
        Assert.False(client.IsAuthenticated);
        await client.NoOpAsync(Cancel);
    }

    [Fact]
    public async Task Server_without_login_is_not_sent_a_password()
    {
        await using var server = new ScriptedSmtpServer();
        using var client = await server.ConnectAsync(Cancel);

        await Assert.ThrowsAsync<NotSupportedException>(() => client.AuthenticateAsync("user", "secret", Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_that_wants_a_login_first_says_so(bool pipelining)
    {
        await using var server = new ScriptedSmtpServer
        {
            Offers = pipelining ? ["PIPELINING"] : [],
            Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "530 5.7.0 Authentication required" : null,
        };
        using var client = await server.ConnectAsync(Cancel);

        await Assert.ThrowsAsync<ServiceNotAuthenticatedException>(() => client.SendAsync(SmtpSessions.Mail(), Cancel));

        Assert.True(client.IsConnected);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
