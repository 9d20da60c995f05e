using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.SendGrid;

/// <summary>Writes a message as SendGrid's request.</summary>
internal sealed class SendGridMails(IOptions<EmailOptions> email, IOptions<SendGridOptions> options, MessageIds ids)
{
    /// <summary>Comes back with every event of this mail.</summary>
    public const string DeliveryIdKey = "notify-delivery-id";

    private readonly SendGridAddress _sender = SenderOf(MailboxAddress.Parse(email.Value.From));
    private readonly SendGridSettings? _settings = options.Value.SandboxMode ? new(new(true)) : null;

    public SendGridMail Create(EmailMessage message, MailboxAddress recipient) =>
        new(
            [new([new(recipient.GetAddress(idnEncode: true))])],
            _sender,
            message.Subject,
            [.. ContentOf(message)],
            // RFC 3834: no vacation notices in answer
            new() { ["Auto-Submitted"] = "auto-generated", ["Message-ID"] = $"<{ids.Of(message.DeliveryId)}>" },
            new() { [DeliveryIdKey] = message.DeliveryId.ToString("D") },
            _settings
        );

    private static SendGridAddress SenderOf(MailboxAddress sender) =>
        new(sender.GetAddress(idnEncode: true), string.IsNullOrEmpty(sender.Name) ? null : sender.Name);

    /// <summary>SendGrid refuses an empty part.</summary>
    private static IEnumerable<SendGridContent> ContentOf(EmailMessage message)
    {
        if (MessageCheck.TextOf(message) is { } text)
            yield return new("text/plain", text);
        if (!string.IsNullOrEmpty(message.Html))
            yield return new("text/html", message.Html);
    }
}
