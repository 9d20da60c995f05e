using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;

namespace Twilio.Security;

/// <summary>
/// Checks a webhook's X-Twilio-Signature: base64 of HMAC-SHA1, keyed with the auth token, over the public URL followed by
/// the form's keys and values in ordinal order. The URL is tried as it is and with its port removed or added.
/// </summary>
public class RequestValidator
{
    private readonly byte[] _secret;

    public RequestValidator(string secret) => _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>A form's signature.</summary>
    public bool Validate(string url, NameValueCollection parameters, string expected) =>
        Validate(url, parameters.AllKeys.ToDictionary(key => key, key => parameters[key]), expected);

    /// <inheritdoc cref="Validate(string, NameValueCollection, string)"/>
    public bool Validate(string url, IDictionary<string, string> parameters, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        ArgumentException.ThrowIfNullOrEmpty(expected);
        var form = new StringBuilder();
        foreach (var (key, value) in (parameters ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            form.Append(key).Append(value);
        return Matches(url + form, expected) || Matches(SignedUrl.WithOrWithoutPort(url) + form, expected);
    }

    /// <summary>A JSON body's signature: over the URL alone, whose query carries the body's hash as bodySHA256.</summary>
    public bool Validate(string url, string body, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        var hash = "";
        foreach (var parameter in new Uri(url, UriKind.Absolute).Query.TrimStart('?').Split('&'))
        {
            if (parameter.StartsWith("bodySHA256=", StringComparison.Ordinal))
                hash = Uri.UnescapeDataString(parameter["bodySHA256=".Length..]);
        }
        return Validate(url, (IDictionary<string, string>)null, expected) && ValidateBody(body, hash);
    }

    /// <summary>Whether <paramref name="expected"/> is the body's SHA-256 in lower-case hexadecimal.</summary>
    public static bool ValidateBody(string rawBody, string expected) =>
        AreEqual(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rawBody))), expected);

    // SHA-1 is what Twilio signs with; as a keyed hash it is not open to the collisions that ended its other uses.
    private bool Matches(string signed, string expected) =>
        AreEqual(Convert.ToBase64String(HMACSHA1.HashData(_secret, Encoding.UTF8.GetBytes(signed))), expected);

    private static bool AreEqual(string actual, string expected) =>
        expected != null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(actual), Encoding.UTF8.GetBytes(expected));
}
