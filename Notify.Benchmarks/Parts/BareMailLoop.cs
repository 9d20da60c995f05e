using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Parts;

/// <summary>
/// Composes each mail with MimeKit and sends it with MailKit, as many connections as senders, which stay open. The mail is like the one
/// that the worker sent to the same sink: its headers and its text are taken from that.
/// </summary>
internal static class BareMailLoop
{
    public static async Task RunAsync()
    {
        using var stream = new MemoryStream(Convert.FromBase64String(PartProgram.Setting(BareLoop.SampleVariable)));
        using var sample = await MimeMessage.LoadAsync(stream);
        var sender = (MailboxAddress)sample.From[0];
        var (subject, text) = (sample.Subject ?? "", sample.TextBody?.TrimEnd() ?? "");
        var port = PartProgram.Number(BareLoop.PortVariable);
        await BareLoop.RunAsync(async () =>
        {
            // It ends with its process, as its connection does.
#pragma warning disable CA2000
            var client = new SmtpClient();
#pragma warning restore CA2000
            await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.None);
            return async number =>
            {
                var recipient = new MailboxAddress("", NumberedAddress.Of(Channel.Email, number));
                using var mail = new MimeMessage
                {
                    Subject = subject,
                    Date = TimeProvider.System.GetUtcNow(),
                    MessageId = $"{Guid.NewGuid():N}@example.test",
                    Body = new BodyBuilder { TextBody = text }.ToMessageBody(),
                };
                mail.From.Add(sender);
                mail.To.Add(recipient);
                mail.Headers.Add("Auto-Submitted", "auto-generated");
                await client.SendAsync(mail, sender, [recipient]);
            };
        });
    }
}
