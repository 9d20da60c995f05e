using System.Text;
using Notify.Sandbox.Mail;
using Notify.Sandbox.Recording;
using Notify.Sandbox.SendGrid;

namespace Notify.Sandbox.Control;

/// <summary>Turns what arrived into what is shown, when somebody looks.</summary>
internal static class MessageReader
{
    private const int PreviewLength = 140;
    private const int MaxMailForPreview = 65_536;

    public static MessageView Summary(ArrivedMessage message)
    {
        switch (message.Provider)
        {
            case Provider.Smtp:
                var mail = message.Body.Length <= MaxMailForPreview ? MailParser.Parse(message.Body) : null;
                return View(message, mail is null ? MailParser.SubjectOf(message.Body) : mail.Subject, mail?.Text);
            case Provider.SendGrid:
                var sent = SendGridRequest.Parse(message.Body).ToMail();
                return View(message, sent.Subject, sent.Text);
            case Provider.Twilio or Provider.Gateway:
                return View(message, null, SmsView.Of(message).Text);
            default:
                var push = PushView.Of(message);
                return View(message, push.Title, push.Body);
        }
    }

    public static MessageView Full(ArrivedMessage message) =>
        Summary(message) with
        {
            Headers = [.. message.Headers.Chunk(2).Select(pair => new HeaderView(pair[0], pair[1]))],
            Raw = Encoding.UTF8.GetString(message.Body),
            Push = message.Provider is Provider.Fcm or Provider.Apns ? PushView.Of(message) : null,
            Mail = message.Provider switch
            {
                Provider.Smtp => MailParser.Parse(message.Body),
                Provider.SendGrid => SendGridRequest.Parse(message.Body).ToMail(),
                _ => null,
            },
            Sms = message.Provider is Provider.Twilio or Provider.Gateway ? SmsView.Of(message) : null,
        };

    private static MessageView View(ArrivedMessage message, string? title, string? text) =>
        new(
            message.Seq,
            message.At,
            ProviderNames.ChannelOf(message.Provider),
            ProviderNames.NameOf(message.Provider),
            message.To,
            message.From,
            title,
            Shorten(text),
            message.DeliveryId,
            message.ProviderId,
            message.Answered,
            message.Body.Length
        );

    private static string? Shorten(string? text)
    {
        if (text is null || text.Length <= PreviewLength)
            return text;
        var cut = char.IsHighSurrogate(text[PreviewLength - 1]) ? PreviewLength - 1 : PreviewLength;
        return string.Concat(text.AsSpan(0, cut), "…");
    }
}
