using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Notify.Core.Notifications;

/// <summary>
/// A mail domain in the form in which it is compared and sent: A-labels in small letters, mapped by UTS 46 (capitals, composed and
/// decomposed letters, full-width forms and ideographic full stops make no difference), non-transitional, as registries and browsers have
/// it: <c>straße.example</c> is not <c>strasse.example</c>.
/// </summary>
public static partial class MailDomain
{
    private const int MaxLength = 253; // RFC 1035 §2.3.4, without the root's dot
    private const int MaxLabel = 63;
    private const string Prefix = "xn--";

    // Letters that IDNA 2003 mapped away and IDNA 2008 keeps (UTS 46 §4, "deviation characters"). ICU maps them away before version 76,
    // and would send the mail to another domain.
    private const string SharpS = "ß",
        FinalSigma = "ς";
    private const string Joiners = "\u200C\u200D";

    // STD3: letters, digits and hyphens. ICU refuses what is unassigned, disallowed or too long.
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    // What most domains are made of: letters that are small already, and nothing to be mapped.
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Whether a domain is valid and has the form in which it is sent already. False also says that it has to be looked at
    /// closer.</summary>
    public static bool IsPlain(ReadOnlySpan<char> domain) =>
        domain.Length <= MaxLength
        && !domain.ContainsAnyExcept(s_plain)
        && !domain.Contains(Prefix, StringComparison.Ordinal)
        && Name().IsMatch(domain);

    /// <summary>The domain as it is sent; false where no valid name comes out, or one of a single label.</summary>
    public static bool TryToAscii(string domain, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        if (domain.Length is 0 or > MaxLength)
            return false;
        var labels = domain.Split('.', '\u3002', '\uFF0E', '\uFF61'); // UTS 46 §4: the full stops that separate labels
        if (labels.Length < 2)
            return false;
        for (var i = 0; i < labels.Length; i++)
        {
            if (ToAsciiLabel(labels[i]) is not { } label)
                return false;
            labels[i] = label;
        }
        var name = string.Join('.', labels);
        ascii = name.Length <= MaxLength && Name().IsMatch(name) ? name : null;
        return ascii is not null;
    }

    /// <summary>The address with its domain as it is sent; as it was where it has none that can be.</summary>
    public static string InAddress(string address) =>
        address.LastIndexOf('@') is > 0 and var at && !IsPlain(address.AsSpan(at + 1)) && TryToAscii(address[(at + 1)..], out var domain)
            ? $"{address.AsSpan(0, at)}@{domain}"
            : address;

    private static string? ToAsciiLabel(string label)
    {
        if (!Ascii.IsValid(label))
            return FromUnicode(label);
        var plain = label.ToLowerInvariant();
        // An A-label is taken where it stands for a label that is written so, and for nothing else.
        var isPlain = !plain.StartsWith(Prefix, StringComparison.Ordinal);
        return isPlain || (ToUnicode(plain) is { } unicode && FromUnicode(unicode) == plain) ? plain : null;
    }

    private static string? FromUnicode(string label)
    {
        try
        {
            if (label.AsSpan().IndexOfAny(Joiners) >= 0)
                return null; // right in few places of few scripts (RFC 5892, appendix A), and without them it is another name
            var mapped = label.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);
            if (!mapped.Contains(SharpS, StringComparison.Ordinal) && !mapped.Contains(FinalSigma, StringComparison.Ordinal))
                return OneLabel(Mapping.GetAscii(label));
            // The rest of the label is held to ICU's rules with letters in their place that it leaves alone.
            var stand = mapped.Replace(SharpS, "ss", StringComparison.Ordinal).Replace(FinalSigma, "σ", StringComparison.Ordinal);
            if (Mapping.GetUnicode(Mapping.GetAscii(stand)) != stand)
                return null;
            var encoded = Prefix + Punycode.Encode(mapped);
            return encoded.Length <= MaxLabel ? encoded : null;
        }
        catch (ArgumentException) // no valid label; half of a surrogate pair, which cannot be normalized
        {
            return null;
        }
    }

    /// <summary>What ICU makes of a label may be several, where something in it maps to a full stop.</summary>
    private static string? OneLabel(string ascii) => ascii.Contains('.') ? null : ascii.ToLowerInvariant();

    private static string? ToUnicode(string label)
    {
        try
        {
            return Punycode.Decode(label.AsSpan(Prefix.Length));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Name();
}
