using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Notify.Workers.Email;

/// <summary>Makes Message-IDs: the same delivery has the same one in every attempt and with every provider, so that receivers can fold
/// copies.</summary>
internal sealed class MessageIds(IOptions<EmailOptions> options)
{
    private readonly string _domain = options.Value.MessageIdDomain is { Length: > 0 } domain
        ? domain
        : AsciiDomain(MailboxAddress.Parse(options.Value.From));

    /// <summary>The id without the angle brackets around it.</summary>
    public string Of(Guid deliveryId) => $"{deliveryId:N}@{_domain}";

    private static string AsciiDomain(MailboxAddress sender) => new IdnMapping().GetAscii(sender.Domain);
}
