using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

/// <summary>Makes the mail of a message.</summary>
internal sealed class MailComposer(IOptions<EmailOptions> options, MessageIds ids, TimeProvider time)
{
    private readonly MailboxAddress _sender = AsciiDomain(MailboxAddress.Parse(options.Value.From));

    /// <summary>Makes the mail, or says why there can be none.</summary>
    public bool TryCompose(EmailMessage message, [NotNullWhen(true)] out ComposedMail? mail, [NotNullWhen(false)] out Outcome? refusal)
    {
        mail = MessageCheck.TryGetRecipient(message, out var recipient, out refusal)
            ? new ComposedMail(Content(message, recipient), _sender, recipient)
            : null;
        return refusal is null;
    }

    private static MailboxAddress AsciiDomain(MailboxAddress address) => new(address.Name, MailDomain.InAddress(address.Address));

    private MimeMessage Content(EmailMessage message, MailboxAddress recipient)
    {
        var content = new MimeMessage
        {
            Subject = message.Subject,
            Date = time.GetUtcNow(),
            MessageId = ids.Of(message.DeliveryId),
            Body = new BodyBuilder { TextBody = MessageCheck.TextOf(message), HtmlBody = message.Html }.ToMessageBody(),
        };
        if (LiteralSubject.IsNeededFor(message.Subject))
            LiteralSubject.Set(content, message.Subject);
        content.From.Add(_sender);
        content.To.Add(recipient);
        content.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no vacation notices in answer
        return content;
    }
}
