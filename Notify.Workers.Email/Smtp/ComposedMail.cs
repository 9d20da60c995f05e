using MimeKit;

namespace Notify.Workers.Email.Smtp;

/// <summary>A mail and its envelope.</summary>
internal sealed record ComposedMail(MimeMessage Content, MailboxAddress Sender, MailboxAddress Recipient)
{
    /// <summary>Whether a local part is not ASCII: unlike a domain it has no ASCII form, so only SMTPUTF8 can carry it.</summary>
    public bool NeedsUtf8 => !Sender.LocalPart.All(char.IsAscii) || !Recipient.LocalPart.All(char.IsAscii);
}
