using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Tests.Packages.MailKit;

namespace Notify.Tests.Workers.Email;

public sealed class SmtpProviderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepted_mail_is_sent_under_the_queue_id_of_the_server()
    {
        await using var fixture = new SmtpProviderFixture();
        var message = SmtpProviderFixture.Message(subject: "Grüße", text: "Hello", html: "<p>Hello</p>");

        var outcome = await fixture.Provider.SendAsync(message, Cancel);

        Assert.Equal(Outcome.Sent("4XyZ17"), outcome);
        var received = Assert.Single(fixture.Server.Mails);
        Assert.StartsWith("MAIL FROM:<from@example.test>", received.Mail, StringComparison.Ordinal);
        Assert.Equal("RCPT TO:<to@example.test>", Assert.Single(received.Recipients));
        var mail = await received.ParseAsync(Cancel);
        Assert.Equal(("Grüße", "Hello", "<p>Hello</p>"), (mail.Subject, mail.TextBody!.Trim(), mail.HtmlBody!.Trim()));
        Assert.Equal($"{message.DeliveryId:N}@example.test", mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal(fixture.Time.GetUtcNow(), mail.Date);
        Assert.Equal(("Notify", "from@example.test"), mail.From.Mailboxes.Select(from => (from.Name, from.Address)).Single());
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("")]
    [InlineData("Grüße aus Köln")]
    [InlineData("日本語の件名がここにあり、とても長いので、複数の行に分けなければならない。絵文字も一つ: 🎉🎉🎉")]
    [InlineData(
        "A very long subject in plain words that does not fit into the seventy eight columns which a line of a header should have at most"
    )]
    [InlineData("looks like =?utf-8?q?an_encoded_word?= but is not")]
    [InlineData(
        "=?utf-8?b?bm90?= and very long: 日本語の件名がここにあり、とても長いので、複数の行に分けなければならない。 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"
    )]
    public async Task Subject_arrives_unchanged_in_ascii_lines(string subject)
    {
        await using var fixture = new SmtpProviderFixture();

        await fixture.Provider.SendAsync(SmtpProviderFixture.Message(subject: subject), Cancel);

        var received = Assert.Single(fixture.Server.Mails);
        Assert.Equal(subject, (await received.ParseAsync(Cancel)).Subject);
        var headers = received.Content[..received.Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.All(headers.Split("\r\n"), line => Assert.True(line.Length <= 200 && line.All(char.IsAscii), line));
    }

    [Fact]
    public async Task Server_without_a_queue_id_leaves_our_own_message_id_the_same_in_every_attempt()
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Answer = line => line == "CONTENT" ? "250 Ok" : null },
            ("Email:MessageIdDomain", "ids.example.test")
        );
        var message = SmtpProviderFixture.Message();

        var first = await fixture.Provider.SendAsync(message, Cancel);
        var second = await fixture.Provider.SendAsync(message, Cancel);

        Assert.Equal(Outcome.Sent($"{message.DeliveryId:N}@ids.example.test"), first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Credentials_are_used_once_a_connection()
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Offers = ["AUTH PLAIN"] },
            ("Email:Smtp:UserName", "user"),
            ("Email:Smtp:Password", "secret")
        );

        await fixture.SendAsync(Cancel);
        await fixture.SendAsync(Cancel);

        Assert.Equal(2, fixture.Server.Mails.Count);
        Assert.Single(fixture.Server.Lines, line => line.StartsWith("AUTH PLAIN ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("to@example.test\r\nRCPT TO:<victim@example.test>", "Hi", "address")]
    [InlineData("\"a\r\nRCPT TO:<victim@example.test>\"@example.test", "Hi", "address")]
    [InlineData("Name <to@example.test>", "Hi", "address")]
    [InlineData("Name <to@example.test", "Hi", "address")]
    [InlineData("a@b@example.test", "Hi", "address")]
    [InlineData("to@example.test> SIZE=1", "Hi", "address")]
    [InlineData("nobody", "Hi", "address")]
    [InlineData("", "Hi", "address")]
    [InlineData("to@example.test", "Hi\r\nBcc: victim@example.test", "subject")]
    [InlineData("to@example.test", "Hi\nBcc: victim@example.test", "subject")]
    [InlineData("to@example.test", "Hi\0", "subject")]
    public async Task Message_that_could_inject_is_refused_and_never_sent(string to, string subject, string code)
    {
        await using var fixture = new SmtpProviderFixture();

        var outcome = await fixture.Provider.SendAsync(SmtpProviderFixture.Message(to, subject), Cancel);

        Assert.Equal((OutcomeKind.Permanent, code), (outcome.Kind, outcome.Code));
        Assert.DoesNotContain("example.test", outcome.Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.Server.Commands);
    }

    [Fact]
    public async Task Message_without_a_body_is_refused()
    {
        await using var fixture = new SmtpProviderFixture();

        var outcome = await fixture.Provider.SendAsync(SmtpProviderFixture.Message(text: null), Cancel);

        Assert.Equal((OutcomeKind.Permanent, "empty"), (outcome.Kind, outcome.Code));
    }

    [Theory]
    [InlineData(true, OutcomeKind.Sent)]
    [InlineData(false, OutcomeKind.Permanent)]
    public async Task International_address_goes_only_to_a_server_that_takes_it(bool offered, OutcomeKind expected)
    {
        await using var fixture = new SmtpProviderFixture(new ScriptedSmtpServer { Offers = offered ? ["SMTPUTF8", "8BITMIME"] : [] });

        var outcome = await fixture.Provider.SendAsync(SmtpProviderFixture.Message(to: "jürgen@example.test"), Cancel);

        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(offered ? 1 : 0, fixture.Server.Mails.Count);
    }

    [Theory]
    [InlineData("to@BÜCHER.example", "to@xn--bcher-kva.example")]
    [InlineData("to@bu\u0308cher.example", "to@xn--bcher-kva.example")]
    [InlineData("to@xn--bcher-kva.example", "to@xn--bcher-kva.example")]
    [InlineData("to@straße.example", "to@xn--strae-oqa.example")]
    public async Task Domain_goes_as_a_labels_and_asks_for_nothing(string to, string expected)
    {
        await using var fixture = new SmtpProviderFixture(
            new ScriptedSmtpServer { Offers = ["SMTPUTF8", "8BITMIME"] },
            ("Email:From", "Nötify <from@bücher.example>")
        );

        await fixture.Provider.SendAsync(SmtpProviderFixture.Message(to), Cancel);

        var received = Assert.Single(fixture.Server.Mails);
        Assert.StartsWith("MAIL FROM:<from@xn--bcher-kva.example>", received.Mail, StringComparison.Ordinal);
        Assert.DoesNotContain("SMTPUTF8", received.Mail, StringComparison.Ordinal);
        Assert.Equal($"RCPT TO:<{expected}>", Assert.Single(received.Recipients));
        Assert.Contains($"To: {expected}\r\n", received.Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<h1>Hi &amp; hello</h1><p>One<br>two", "Hi & hello\n\nOne\ntwo")]
    [InlineData("<img src=x>", "Greetings")]
    public async Task Mail_with_html_alone_gets_a_text_part(string html, string expected)
    {
        await using var fixture = new SmtpProviderFixture();

        await fixture.Provider.SendAsync(SmtpProviderFixture.Message(text: null, html: html), Cancel);

        var mail = await Assert.Single(fixture.Server.Mails).ParseAsync(Cancel);
        Assert.Equal(expected, mail.TextBody!.ReplaceLineEndings("\n").Trim());
        Assert.Equal(html, mail.HtmlBody!.Trim());
    }

    [Fact]
    public async Task Every_message_can_be_carried()
    {
        await using var fixture = new SmtpProviderFixture();

        Assert.Equal("smtp", fixture.Provider.Name);
        Assert.True(fixture.Provider.CanSend(new("t", "to@example.test")));
    }
}
