using System.Text;
using Notify.Sandbox.Mail;

namespace Notify.Tests.Sandbox;

public sealed class MailParserTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= Ada", "Grüße an Ada")]
    [InlineData("=?utf-8?B?8J+O?=\r\n =?utf-8?B?iQ==?=", "🎉")]
    [InlineData("=?iso-8859-1?q?M=E4rz?=", "März")]
    [InlineData("=?nonsense?Q?a?=", "a")]
    [InlineData("=?utf-8?X?a?=", "=?utf-8?X?a?=")]
    public void Subject_is_decoded(string raw, string subject) => Assert.Equal(subject, Parse("Subject: " + raw + "\r\n\r\n").Subject);

    [Fact]
    public void Nested_parts_and_attachments_are_found()
    {
        var mail = Parse(
            "Content-Type: multipart/mixed; boundary=out\r\n\r\npreamble\r\n--out\r\nContent-Type: multipart/alternative; boundary=\"in\"\r\n\r\n--in\r\n\r\ntext\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--in--\r\n"
                + "--out\r\nContent-Type: application/pdf; name=\"a; b.pdf\"\r\nContent-Disposition: attachment; filename=\"a; b.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--out--\r\n"
        );

        Assert.Equal(("text", "<p>html"), (mail.Text, mail.Html));
        Assert.Equal(new MailPart("a; b.pdf", "application/pdf", 3), Assert.Single(mail.Attachments));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("no colon at all")]
    [InlineData(" folded first\r\n\r\n")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\n--x\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x")]
    [InlineData("Content-Transfer-Encoding: base64\r\n\r\n!!!!A")]
    [InlineData("Content-Transfer-Encoding: quoted-printable\r\n\r\n=Z=")]
    [InlineData("Content-Type: text/plain; charset=klingon\r\n\r\nx")]
    [InlineData("Subject: =?utf-8?B?%%%?=\r\n\r\n")]
    public void Malformed_mail_is_read_as_far_as_it_goes(string source) => Assert.NotNull(Parse(source));

    private static ParsedMail Parse(string source) => MailParser.Parse(Encoding.UTF8.GetBytes(source));
}
