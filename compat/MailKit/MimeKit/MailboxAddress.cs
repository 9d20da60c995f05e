using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MimeKit;

/// <summary>One mailbox: a display name and an addr-spec (RFC 5322 section 3.4.1), which may be international (RFC 6531).</summary>
public class MailboxAddress : InternetAddress
{
    private readonly int _at;

    /// <exception cref="ParseException">The address is not an addr-spec, holds control characters for example.</exception>
    public MailboxAddress(string? name, string address) : base(name)
    {
        ArgumentNullException.ThrowIfNull(address);
        _at = AddressSyntax.CheckAddrSpec(address);
        Address = address;
    }

    public string Address { get; }

    public string LocalPart => _at < 0 ? Address : Address[.._at];

    public string Domain => _at < 0 ? "" : Address[(_at + 1)..];

    /// <summary>Whether the address holds anything but ASCII.</summary>
    public bool IsInternational => !Address.All(char.IsAscii);

    /// <summary>The address, its domain in punycode on demand; a local part has no ASCII form.</summary>
    public string GetAddress(bool idnEncode)
    {
        if (!idnEncode || Domain.All(char.IsAscii))
            return Address;
        try
        {
            return $"{LocalPart}@{new IdnMapping().GetAscii(Domain)}";
        }
        catch (ArgumentException)
        {
            return Address;   // no name that DNS could hold: the server says so
        }
    }

    /// <summary>Reads <c>user@example.org</c> or <c>Name &lt;user@example.org&gt;</c>.</summary>
    /// <exception cref="ParseException">It is neither.</exception>
    public static MailboxAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, address) = AddressSyntax.SplitMailbox(text);
        if (address.Length == 0)
            throw new ParseException("No address found.", 0, 0);
        return new MailboxAddress(name, address);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = null;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        try
        {
            mailbox = Parse(text);
            return true;
        }
        catch (ParseException)
        {
            return false;
        }
    }

    public override string ToString() => string.IsNullOrEmpty(Name) ? Address : $"{AddressSyntax.Quote(Name)} <{Address}>";

    internal override string Encode() => string.IsNullOrEmpty(Name) ? GetAddress(idnEncode: true) : $"{HeaderEncoding.Phrase(Name)} <{GetAddress(idnEncode: true)}>";
}
