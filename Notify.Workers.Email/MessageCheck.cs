using System.Diagnostics.CodeAnalysis;
using MimeKit;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email;

/// <summary>What no provider can make a mail of.</summary>
internal static class MessageCheck
{
    /// <summary>Gives the recipient, or says why there can be no mail.</summary>
    public static bool TryGetRecipient(
        EmailMessage message,
        [NotNullWhen(true)] out MailboxAddress? recipient,
        [NotNullWhen(false)] out Outcome? refusal
    )
    {
        recipient = RecipientOf(message.To);
        refusal = message switch
        {
            _ when string.IsNullOrEmpty(message.Text) && string.IsNullOrEmpty(message.Html) => Refuse(
                "empty",
                "The message has neither a text nor an HTML part."
            ),
            _ when message.Subject.AsSpan().ContainsAny('\r', '\n', '\0') => Refuse(
                "subject",
                "The subject holds a line break or NUL: take it out of the template or its data."
            ),
            _ when recipient is null => Refuse("address", "The address is not one that mail can be sent to."),
            _ => null,
        };
        return refusal is null;
    }

    /// <summary>Only an addr-spec with a domain: no display name, no group, no control character even inside quotes.</summary>
    private static MailboxAddress? RecipientOf(string address)
    {
        if (address.Length == 0 || address.Any(char.IsControl))
            return null;
        try
        {
            var recipient = new MailboxAddress("", MailDomain.InAddress(address));
            return recipient.LocalPart.Length > 0 && recipient.Domain.Length > 0 ? recipient : null;
        }
        catch (ParseException)
        {
            return null;
        }
    }

    /// <summary>The text part: of a mail with HTML alone what that shows, or else its subject; null where there is nothing to
    /// read.</summary>
    public static string? TextOf(EmailMessage message)
    {
        if (!string.IsNullOrEmpty(message.Text))
            return message.Text;
        var shown = HtmlText.Of(message.Html ?? "");
        return shown.Length > 0 ? shown
            : message.Subject.Length > 0 ? message.Subject
            : null;
    }

    private static Outcome Refuse(string code, string detail) =>
        new(OutcomeKind.Permanent, Code: code, Detail: detail, ConcernsMessage: true);
}
