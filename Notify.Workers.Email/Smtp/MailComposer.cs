using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Core.Channels;

namespace Notify.Workers.Email.Smtp;

/// <summary>Makes the mail of a message. The same delivery has the same Message-ID in every attempt, so that receivers can fold copies.</summary>
internal sealed class MailComposer(IOptions<EmailOptions> options, TimeProvider time)
{
    private readonly string _idDomain = options.Value.MessageIdDomain is { Length: > 0 } domain ? domain : AsciiDomain(MailboxAddress.Parse(options.Value.From));
    private readonly MailboxAddress _sender = MailboxAddress.Parse(options.Value.From);

    /// <summary>Makes the mail, or says why there can be none.</summary>
    public bool TryCompose(EmailMessage message, [NotNullWhen(true)] out ComposedMail? mail, [NotNullWhen(false)] out Outcome? refusal)
    {
        var recipient = RecipientOf(message.To);
        refusal = message switch
        {
            { Text: null, Html: null } => Refuse("empty", "The message has neither a text nor an HTML part."),
            _ when message.Subject.AsSpan().ContainsAny('\r', '\n', '\0') => Refuse("subject", "The subject holds a line break or NUL: take it out of the template or its data."),
            _ when recipient is null => Refuse("address", "The address is not one that mail can be sent to."),
            _ => null,
        };
        mail = refusal is null ? new ComposedMail(Content(message, recipient!), _sender, recipient!) : null;
        return refusal is null;
    }

    private MimeMessage Content(EmailMessage message, MailboxAddress recipient)
    {
        var content = new MimeMessage
        {
            Subject = message.Subject,
            Date = time.GetUtcNow(),
            MessageId = $"{message.DeliveryId:N}@{_idDomain}",
            Body = new BodyBuilder { TextBody = message.Text, HtmlBody = message.Html }.ToMessageBody(),
        };
        content.From.Add(_sender);
        content.To.Add(recipient);
        content.Headers.Add("Auto-Submitted", "auto-generated");   // RFC 3834: no vacation notices in answer
        return content;
    }

    /// <summary>Only an addr-spec with a domain: no display name, no group, no control character even inside quotes.</summary>
    private static MailboxAddress? RecipientOf(string address)
    {
        if (address.Length == 0 || address.Any(char.IsControl))
            return null;
        try
        {
            var recipient = new MailboxAddress("", address);
            return recipient.LocalPart.Length > 0 && recipient.Domain.Length > 0 ? recipient : null;
        }
        catch (ParseException)
        {
            return null;
        }
    }

    private static Outcome Refuse(string code, string detail) => new(OutcomeKind.Permanent, Code: code, Detail: detail);

    private static string AsciiDomain(MailboxAddress sender) => new IdnMapping().GetAscii(sender.Domain);
}
