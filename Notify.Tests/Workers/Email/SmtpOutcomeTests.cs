using System.Net;
using System.Net.Sockets;
using Notify.Core.Channels;
using Notify.Tests.Packages.MailKit;

namespace Notify.Tests.Workers.Email;

/// <summary>What the provider makes of a server's refusals and of connections that break, over a real socket.</summary>
public sealed class SmtpOutcomeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CONNECT", "421 4.3.2 Service shutting down", OutcomeKind.Transient, "421 4.3.2")]
    [InlineData("CONNECT", "421 4.3.2 Too many connections", OutcomeKind.Throttled, "421 4.3.2")]
    [InlineData("CONNECT", "554 No service for to@example.test", OutcomeKind.Misconfigured, "554")]
    [InlineData("MAIL", "530 5.7.0 Must issue STARTTLS first", OutcomeKind.Misconfigured, "530 5.7.0")]
    [InlineData("MAIL", "553 5.7.1 Sender not owned", OutcomeKind.Misconfigured, "553 5.7.1")]
    [InlineData("MAIL", "454 Throttling failure: Maximum sending rate exceeded.", OutcomeKind.Throttled, "454")]
    [InlineData("MAIL", "552 5.3.4 Too large", OutcomeKind.Permanent, "552 5.3.4")]
    [InlineData("RCPT", "450 4.2.1 Greylisted", OutcomeKind.Transient, "450 4.2.1")]
    [InlineData("RCPT", "550 5.1.1 <to@example.test> unknown", OutcomeKind.DeadAddress, "550 5.1.1")]
    [InlineData("RCPT", "550-5.1.1 <to@example.test> unknown,\r\n550 5.1.1 really", OutcomeKind.DeadAddress, "550 5.1.1")]
    [InlineData("RCPT", "450 5.1.1 odd", OutcomeKind.Transient, "450 5.1.1")]
    [InlineData("RCPT", "552 Too many recipients", OutcomeKind.Transient, "552")]
    [InlineData("RCPT", "550 5.2.2 Full", OutcomeKind.Permanent, "550 5.2.2")]
    [InlineData("RCPT", "554 5.7.1 Relay access denied", OutcomeKind.Misconfigured, "554 5.7.1")]
    [InlineData("DATA", "451 4.3.0 Later", OutcomeKind.Transient, "451 4.3.0")]
    [InlineData("CONTENT", "550 5.1.1 unknown after all", OutcomeKind.DeadAddress, "550 5.1.1")]
    [InlineData("CONTENT", "552 5.3.4 Too large", OutcomeKind.Permanent, "552 5.3.4")]
    [InlineData("CONTENT", "554 5.7.1 Spam", OutcomeKind.Permanent, "554 5.7.1")]
    [InlineData("CONTENT", "421 4.4.2 Timeout", OutcomeKind.Transient, "421 4.4.2")]
    [InlineData("CONTENT", "354 Go on", OutcomeKind.Ambiguous, "354")]
    public async Task Refusal_is_classified_by_code_and_place_without_an_address(string verb, string reply, OutcomeKind kind, string code)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? reply : null }
        );

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal((kind, code), (outcome.Kind, outcome.Code));
        Assert.False(string.IsNullOrEmpty(outcome.Detail));
        Assert.DoesNotContain('@', outcome.ToString());
        Assert.Equal(kind == OutcomeKind.Throttled, outcome.RetryAfter is not null);
    }

    [Theory]
    [InlineData("CONNECT", OutcomeKind.Transient)]
    [InlineData("EHLO", OutcomeKind.Transient)]
    [InlineData("MAIL", OutcomeKind.Transient)]
    [InlineData("RCPT", OutcomeKind.Transient)]
    [InlineData("DATA", OutcomeKind.Transient)]
    [InlineData("CONTENT", OutcomeKind.Ambiguous)]
    public async Task Drop_is_ambiguous_only_after_the_final_dot(string verb, OutcomeKind kind)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? ScriptedSmtpServer.Drop : null }
        );

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal((kind, "dropped"), (outcome.Kind, outcome.Code));
        Assert.Equal(1, fixture.Server.Connections);
    }

    [Fact]
    public async Task Drop_inside_the_content_is_transient()
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line == "LINE" ? ScriptedSmtpServer.Drop : null }
        );
        var large = string.Concat(Enumerable.Repeat(new string('x', 900) + "\n", 16 * 1024)); // more than socket buffers take

        var outcome = await fixture.Provider.SendAsync(SmtpProviderFixture.Message(text: large), Cancel);

        Assert.Equal((OutcomeKind.Transient, "dropped"), (outcome.Kind, outcome.Code));
    }

    [Theory]
    [InlineData("CONNECT", OutcomeKind.Transient)]
    [InlineData("RCPT", OutcomeKind.Transient)]
    [InlineData("CONTENT", OutcomeKind.Ambiguous)]
    public async Task Slow_server_is_given_up_after_the_timeout(string verb, OutcomeKind kind)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? ScriptedSmtpServer.Silence : null },
            ("Email:Smtp:Timeout", "00:00:01")
        );

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal((kind, "timeout"), (outcome.Kind, outcome.Code));
    }

    [Theory]
    [InlineData("535 5.7.8 Bad credentials", OutcomeKind.Misconfigured, "535 5.7.8")]
    [InlineData("534 5.7.9 Too weak", OutcomeKind.Misconfigured, null)]
    [InlineData("454 4.7.0 Temporary authentication failure", OutcomeKind.Transient, "454 4.7.0")]
    public async Task Refused_login_waits_for_an_operator_or_for_the_server(string reply, OutcomeKind kind, string? code)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Offers = ["AUTH PLAIN"],
                Answer = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? reply : null,
            },
            ("Email:Smtp:UserName", "user"),
            ("Email:Smtp:Password", "secret")
        );

        var outcome = await fixture.SendAsync(Cancel);

        Assert.Equal(kind, outcome.Kind);
        if (code is not null)
            Assert.Equal(code, outcome.Code);
    }

    [Fact]
    public async Task Login_at_a_server_without_one_is_misconfigured()
    {
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:UserName", "user"), ("Email:Smtp:Password", "secret"));

        Assert.Equal((OutcomeKind.Misconfigured, "unsupported"), await KindAndCodeAsync(fixture));
    }

    [Fact]
    public async Task Server_without_starttls_is_misconfigured()
    {
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:Security", "StartTls"));

        Assert.Equal((OutcomeKind.Misconfigured, "unsupported"), await KindAndCodeAsync(fixture));
        Assert.Empty(fixture.Server.Mails);
    }

    [Theory]
    [InlineData("StartTls", false)]
    [InlineData("SslOnConnect", true)]
    public async Task Untrusted_certificate_is_misconfigured(string security, bool onConnect)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Certificate = TestCertificate.Create(), TlsOnConnect = onConnect },
            ("Email:Smtp:Security", security)
        );

        Assert.Equal((OutcomeKind.Misconfigured, "tls"), await KindAndCodeAsync(fixture));
    }

    [Fact]
    public async Task Refused_connection_is_transient()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:Port", $"{port}"));

        Assert.Equal((OutcomeKind.Transient, "connect"), await KindAndCodeAsync(fixture));
    }

    [Fact]
    public async Task Unknown_host_is_transient()
    {
        await using var fixture = new SmtpProviderFixture(null, ("Email:Smtp:Host", "mail.invalid"));

        Assert.Equal((OutcomeKind.Transient, "connect"), await KindAndCodeAsync(fixture));
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("MAIL")]
    [InlineData("CONTENT")]
    public async Task Cancelled_send_throws(string verb)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer
            {
                Before = line => line.StartsWith(verb, StringComparison.Ordinal) ? source.CancelAsync() : Task.CompletedTask,
                Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? ScriptedSmtpServer.Silence : null,
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.SendAsync(source.Token));
    }

    private static async Task<(OutcomeKind, string?)> KindAndCodeAsync(SmtpProviderFixture fixture)
    {
        var outcome = await fixture.SendAsync(Cancel);
        return (outcome.Kind, outcome.Code);
    }
}
