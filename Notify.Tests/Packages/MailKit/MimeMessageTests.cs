using System.Text;
using MimeKit;

namespace Notify.Tests.Packages.MailKit;

public sealed class MimeMessageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Plain")]
    [InlineData("Grüße aus Köln")]
    [InlineData("日本語の件名がここにあり、とても長いので、複数の行に分けなければならない。絵文字も一つ: 🎉🎉🎉")]
    [InlineData("A very long subject in plain words that does not fit into the seventy eight columns which a line of a header should have at most")]
    [InlineData("looks like =?utf-8?q?an_encoded_word?= but is not")]
    [InlineData("")]
    public async Task Subject_arrives_as_it_was_set_in_short_ascii_lines(string subject)
    {
        var mail = SmtpSessions.Mail();
        mail.Subject = subject;

        var text = await WriteAsync(mail);

        Assert.Equal(subject, (await ReadAsync(text)).Subject);
        var headers = text[..text.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.All(headers.Split('\n'), line => Assert.True(line.Length <= 78 && line.All(char.IsAscii), line));
    }

    [Fact]
    public async Task Text_and_html_are_alternatives_with_the_better_one_last()
    {
        var mail = SmtpSessions.Mail();
        mail.Body = new BodyBuilder { TextBody = "Grüße\n", HtmlBody = "<p>Grüße 日本</p>\n" }.ToMessageBody();

        var text = await WriteAsync(mail);
        var read = await ReadAsync(text);

        Assert.Equal(("Grüße", "<p>Grüße 日本</p>"), (read.TextBody!.Trim(), read.HtmlBody!.Trim()));
        Assert.Contains("multipart/alternative", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("text/plain", StringComparison.Ordinal) < text.IndexOf("text/html", StringComparison.Ordinal));
        Assert.Contains("MIME-Version: 1.0", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Single_form_is_a_single_part()
    {
        Assert.Equal("Hi", Assert.IsType<TextPart>(new BodyBuilder { TextBody = "Hi" }.ToMessageBody()).Text);
        Assert.Equal("<p>", Assert.IsType<TextPart>(new BodyBuilder { HtmlBody = "<p>" }.ToMessageBody()).Text);
    }

    [Fact]
    public async Task Headers_and_ids_arrive()
    {
        var mail = SmtpSessions.Mail();
        mail.MessageId = "0190@example.test";
        mail.Date = new DateTimeOffset(2026, 11, 5, 9, 8, 7, TimeSpan.FromHours(-3.5));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add(HeaderId.ListUnsubscribe, "<https://example.test/u/1>");
        mail.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");

        var text = await WriteAsync(mail);
        var read = await ReadAsync(text);

        Assert.Contains("Message-Id: <0190@example.test>", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Date: Thu, 05 Nov 2026 09:08:07 -0330", text, StringComparison.Ordinal);
        Assert.Equal("0190@example.test", read.MessageId);
        Assert.Equal(mail.Date, read.Date);
        Assert.Equal("auto-generated", read.Headers["Auto-Submitted"]);
        Assert.Equal("<https://example.test/u/1>", read.Headers[HeaderId.ListUnsubscribe]);
        Assert.True(read.Headers.Contains("List-Unsubscribe-Post"));
    }

    [Theory]
    [InlineData("Hi\r\nBcc: victim@example.test")]
    [InlineData("Hi\nBcc: victim@example.test")]
    [InlineData("Hi\r\n\r\nBcc: victim@example.test")]
    [InlineData("Hi\rBcc: victim@example.test")]
    public async Task Line_break_in_a_value_makes_no_header(string value)
    {
        var mail = SmtpSessions.Mail();
        mail.Subject = value;
        mail.Headers.Add("X-Note", value);

        var read = await ReadAsync(await WriteAsync(mail));

        Assert.False(read.Headers.Contains(HeaderId.Bcc));
        Assert.Equal("Hello", read.TextBody!.Trim());
    }

    [Theory]
    [InlineData("X Note")]
    [InlineData("X-Note:")]
    [InlineData("X\r\nBcc")]
    public void Header_name_with_foreign_characters_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => SmtpSessions.Mail().Headers.Add(name, "value"));

    [Fact]
    public void Message_id_without_form_is_refused() =>
        Assert.Throws<ArgumentException>(() => SmtpSessions.Mail().MessageId = "a\r\nb@c");

    private static async Task<string> WriteAsync(MimeMessage mail)
    {
        using var stream = new MemoryStream();
        await mail.WriteToAsync(stream, Cancel);
        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n");
    }

    private static async Task<MimeMessage> ReadAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await MimeMessage.LoadAsync(stream, Cancel);
    }
}
