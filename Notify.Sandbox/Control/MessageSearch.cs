using Notify.Sandbox.Mail;
using Notify.Sandbox.Recording;
using Notify.Sandbox.SendGrid;

namespace Notify.Sandbox.Control;

/// <summary>Looks for a word in what a message says and in its ids and addresses.</summary>
internal static class MessageSearch
{
    /// <param name="message">Any that is kept.</param>
    /// <param name="word">Found anywhere, whatever its case.</param>
    public static bool Has(ArrivedMessage message, string word) =>
        Has(message.To, word)
        || Has(message.From, word)
        || Has(message.ProviderId, word)
        || Has(message.DeliveryId?.ToString(), word)
        || Texts(message).Any(text => Has(text, word));

    private static IEnumerable<string?> Texts(ArrivedMessage message)
    {
        switch (message.Provider)
        {
            case Provider.Smtp:
                return Of(MailParser.Parse(message.Body));
            case Provider.SendGrid:
                return Of(SendGridRequest.Parse(message.Body).ToMail());
            case Provider.Twilio or Provider.Gateway:
                return [SmsView.Of(message).Text];
            default:
                var push = PushView.Of(message);
                return [push.Title, push.Body, .. push.Data.Values];
        }
    }

    private static string?[] Of(ParsedMail mail) => [mail.Subject, mail.Text, mail.Html];

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
