using System.Text;
using System.Text.RegularExpressions;

namespace Notify.Tests.Sandbox;

public sealed partial class SmtpTests
{
    private const string Mail =
        "From: Shop <shop@example.test>\r\nTo: ada@example.test\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\nMessage-ID: <0192f0c17b3a700080000000abcdabcd@example.test>\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nH=C3=A9llo =\r\nthere\r\n"
        + "--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+SGVsbG88L2I+\r\n--b1--";

    [Fact]
    public async Task Accepted_mail_is_kept_and_read_when_looked_at()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        var reply = await smtp.SendAsync("ada@example.test", Mail);

        Assert.Matches(Queued(), reply);
        var message = await sandbox.SingleAsync();
        Assert.Contains(message.GetProperty("providerId").GetString()!, reply, StringComparison.Ordinal);
        Assert.Equal(
            ("email", "ada@example.test", "shop@example.test", "Grüße"),
            (
                message.GetProperty("channel").GetString(),
                message.GetProperty("to").GetString(),
                message.GetProperty("from").GetString(),
                message.GetProperty("title").GetString()
            )
        );
        Assert.Equal("0192f0c1-7b3a-7000-8000-0000abcdabcd", message.GetProperty("deliveryId").GetString());
        Assert.Equal(
            ("Héllo there", "<b>Hello</b>"),
            (message.GetProperty("mail").GetProperty("text").GetString(), message.GetProperty("mail").GetProperty("html").GetString())
        );
        Assert.Equal(Mail + "\r\n", message.GetProperty("raw").GetString());
        Assert.StartsWith("221 ", await smtp.CommandAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal("", await smtp.ReplyAsync());
    }

    [Fact]
    public async Task Pipelined_mails_are_answered_in_order()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);
        const int Mails = 50;

        await smtp.WriteAsync(
            string.Concat(
                Enumerable.Repeat(
                    "MAIL FROM:<a@example.test>\r\nRCPT TO:<b@example.test>\r\nDATA\r\nSubject: x\r\n\r\nbody\r\n.\r\n",
                    Mails
                )
            )
        );

        for (var i = 0; i < Mails; i++)
        {
            Assert.StartsWith("250 2.1.0", await smtp.ReplyAsync(), StringComparison.Ordinal);
            Assert.StartsWith("250 2.1.5", await smtp.ReplyAsync(), StringComparison.Ordinal);
            Assert.StartsWith("354 ", await smtp.ReplyAsync(), StringComparison.Ordinal);
            Assert.Matches(Queued(), await smtp.ReplyAsync());
        }

        Assert.Equal(Mails, await sandbox.AcceptedAsync("smtp"));
    }

    [Fact]
    public async Task Dots_are_taken_out_again_wherever_the_packets_break()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        await smtp.CommandAsync("MAIL FROM:<a@example.test>");
        await smtp.CommandAsync("RCPT TO:<b@example.test>");
        await smtp.CommandAsync("DATA");
        foreach (var letter in "\r\n..one\r\n.\n...two\r\n.\r\n")
            await smtp.WriteAsync(letter.ToString());

        Assert.Matches(Queued(), await smtp.ReplyAsync());
        Assert.Equal("\r\n.one\r\n\n...two\r\n", (await sandbox.SingleAsync()).GetProperty("raw").GetString());
    }

    [Fact]
    public async Task Encrypted_session_authenticates_and_sends()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        await smtp.StartTlsAsync();
        var features = await smtp.CommandAsync("EHLO test.example");
        Assert.DoesNotContain("STARTTLS", features, StringComparison.Ordinal);
        Assert.StartsWith("235 ", await smtp.CommandAsync("AUTH PLAIN AHVzZXIAcGFzcw=="), StringComparison.Ordinal);
        Assert.Equal("334 VXNlcm5hbWU6\n", await smtp.CommandAsync("AUTH LOGIN"));
        Assert.Equal("334 UGFzc3dvcmQ6\n", await smtp.CommandAsync("dXNlcg=="));
        Assert.StartsWith("235 ", await smtp.CommandAsync("cGFzcw=="), StringComparison.Ordinal);

        Assert.Matches(Queued(), await smtp.SendAsync("ada@example.test", Mail));
        Assert.Equal(1, await sandbox.AcceptedAsync("smtp"));
    }

    [Fact]
    public async Task Commands_sent_ahead_of_the_handshake_end_the_session()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        await smtp.WriteAsync("STARTTLS\r\nMAIL FROM:<a@example.test>\r\n");

        Assert.DoesNotContain("250", await smtp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await smtp.ReplyAsync());
    }

    [Theory]
    [InlineData("RCPT TO:<a@example.test>", "503 5.5.1")]
    [InlineData("DATA", "503 5.5.1")]
    [InlineData("MAIL FROM:a@example.test", "501 5.1.7")]
    [InlineData("MAIL FROM:<a@example.test> SIZE=10485761", "552 5.3.4")]
    [InlineData("AUTH GSSAPI", "504 5.5.4")]
    [InlineData("VRFY ada", "502 5.5.2")]
    [InlineData("EHLO", "501 5.5.4")]
    [InlineData("NOOP", "250 2.0.0")]
    [InlineData("RSET", "250 2.0.0")]
    [InlineData("HELO there", "250 notify-sandbox")]
    public async Task Command_gets_its_reply(string command, string reply)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        Assert.StartsWith(reply, await smtp.CommandAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_above_the_limit_is_refused_and_the_session_goes_on()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        var reply = await smtp.SendAsync("ada@example.test", new string('x', 11 * 1024 * 1024));

        Assert.StartsWith("552 5.3.4", reply, StringComparison.Ordinal);
        Assert.Matches(Queued(), await smtp.SendAsync("ada@example.test", Mail));
        Assert.Equal(1, await sandbox.AcceptedAsync("smtp"));
    }

    [Fact]
    public async Task Endless_command_ends_the_session()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        await smtp.WriteAsync(new StringBuilder().Append('x', 5000).ToString());

        Assert.StartsWith("500 5.5.2", await smtp.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await smtp.ReplyAsync());
    }

    [Fact]
    public async Task Idle_session_is_told_when_the_sandbox_stops()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var smtp = await SmtpClientSocket.ConnectAsync(sandbox.SmtpPort);

        await sandbox.StopAsync();

        Assert.StartsWith("421 4.3.2", await smtp.ReplyAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("^250 2\\.0\\.0 Ok: queued as [0-9A-F]+\n$")]
    private static partial Regex Queued();
}
