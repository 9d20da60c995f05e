using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Notify.Tests.Packages.MailKit;

/// <summary>What the tests of the mail client begin with.</summary>
internal static class SmtpSessions
{
    public static async Task<SmtpClient> ConnectAsync(
        this ScriptedSmtpServer server,
        CancellationToken cancellationToken,
        SecureSocketOptions security = SecureSocketOptions.None
    )
    {
        var client = new SmtpClient
        {
            Timeout = 20_000,
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) =>
                certificate!.GetCertHashString() == server.Certificate!.GetCertHashString(),
        };
        await client.ConnectAsync("127.0.0.1", server.Port, security, cancellationToken);
        return client;
    }

    public static MimeMessage Mail(string text = "Hello", string to = "to@example.test")
    {
        var mail = new MimeMessage
        {
            Subject = "Greetings",
            Body = new TextPart("plain") { Text = text },
        };
        mail.From.Add(new MailboxAddress("Notify", "from@example.test"));
        mail.To.Add(new MailboxAddress("", to));
        return mail;
    }
}
