using System.Text;
using System.Text.RegularExpressions;

namespace Notify.Core.Notifications;

/// <summary>Whether an address can be one at all. Deliverability is for the provider to say.</summary>
public static partial class Addresses
{
    /// <summary>RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all, with the domain as it is sent (<see cref="MailDomain"/>). Quoted
    /// local parts and address literals are refused: no mailbox of a person needs them, and they have carried command injection.</summary>
    public static bool IsEmail(string? text)
    {
        if (text is null || text.Length is < 3 or > 254 || Encoding.UTF8.GetByteCount(text) > 254)
            return false;
        var at = text.LastIndexOf('@');
        if (at <= 0 || !LocalPart().IsMatch(text.AsSpan(0, at)))
            return false;
        var local = Encoding.UTF8.GetByteCount(text.AsSpan(0, at));
        if (MailDomain.IsPlain(text.AsSpan(at + 1)))
            return local <= 64 && local + text.Length - at <= 254;
        return MailDomain.TryToAscii(text[(at + 1)..], out var domain) && local <= 64 && local + 1 + domain.Length <= 254;
    }

    /// <summary>E.164: a plus, no leading zero, 2 to 15 digits.</summary>
    public static bool IsPhone(string? text) => text is not null && E164().IsMatch(text);

    public static bool IsToken(string? text) =>
        text is { Length: > 0 and <= NotificationLimits.TokenLength } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static bool IsRecipientId(string? text) =>
        text is { Length: > 0 and <= NotificationLimits.RecipientIdLength } && !text.Any(char.IsControl);

    public static bool IsApp(string text) => StoredText.IsName(text, 256);

    public static bool IsPlatform(string? text) => text is "fcm" or "apns";

    public static bool IsEnvironment(string? text) => text is "production" or "sandbox";

    [GeneratedRegex(@"^\+[1-9][0-9]{1,14}\z")]
    private static partial Regex E164();

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*\z")]
    private static partial Regex LocalPart();
}
