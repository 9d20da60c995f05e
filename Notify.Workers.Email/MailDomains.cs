using MimeKit.Encodings;
using Notify.Core.Notifications;

namespace Notify.Workers.Email;

/// <summary>
/// Domains as the door maps them, for MimeKit too. It would read an A-label as Unicode, and a mail to such an address then asks for
/// SMTPUTF8, which it does not need: a server further on that has none would send it back (RFC 6531 §3.4).
/// </summary>
internal sealed class MailDomains : IPunycode
{
    public string Encode(string unicode) => MailDomain.TryToAscii(unicode, out var ascii) ? ascii : unicode;

    public string Encode(string unicode, int index) => Encode(unicode[index..]);

    public string Encode(string unicode, int index, int count) => Encode(unicode.Substring(index, count));

    public string Decode(string ascii) => ascii;

    public string Decode(string ascii, int index) => ascii[index..];

    public string Decode(string ascii, int index, int count) => ascii.Substring(index, count);
}
