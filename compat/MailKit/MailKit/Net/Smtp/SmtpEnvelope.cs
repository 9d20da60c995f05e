using MimeKit;

namespace MailKit.Net.Smtp;

internal sealed record SmtpEnvelope(MailboxAddress Sender, IReadOnlyList<MailboxAddress> Recipients)
{
    public bool IsInternational => Sender.IsInternational || Recipients.Any(recipient => recipient.IsInternational);
}
