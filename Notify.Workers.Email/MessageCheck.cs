using System.Diagnostics.CodeAnalysis;
using MimeKit;
using Notify.Core.Channels;

namespace Notify.Workers.Email;

/// <summary>What no provider can make a mail of.</summary>
internal static class MessageCheck
{
    /// <summary>Gives the recipient, or says why there can be no mail.</summary>
    public static bool TryGetRecipient(EmailMessage message, [NotNullWhen(true)] out MailboxAddress? recipient, [NotNullWhen(false)] out Outcome? refusal)
    {
        recipient = RecipientOf(message.To);
        refusal = message switch
        {
            { Text: null, Html: null } => Refuse("empty", "The message has neither a text nor an HTML part."),
            _ when message.Subject.AsSpan().ContainsAny('\r', '\n', '\0') => Refuse("subject", "The subject holds a line break or NUL: take it out of the template or its data."),
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
            var recipient = new MailboxAddress("", address);
            return recipient.LocalPart.Length > 0 && recipient.Domain.Length > 0 ? recipient : null;
        }
        catch (ParseException)
        {
            return null;
        }
    }

    private static Outcome Refuse(string code, string detail) =>
        new(OutcomeKind.Permanent, Code: code, Detail: detail, ConcernsMessage: true);
}
