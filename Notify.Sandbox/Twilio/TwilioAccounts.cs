using System.Collections.Concurrent;
using System.Text;

namespace Notify.Sandbox.Twilio;

/// <summary>Reads Basic credentials: an account SID or API key, and its secret. Any secret will do; it then signs the callbacks.</summary>
internal sealed class TwilioAccounts
{
    private const int MaxKnown = 1000;
    private readonly ConcurrentDictionary<string, (string User, string Secret)> _known = new(StringComparer.Ordinal);

    /// <returns>The secret, or null where the credentials are missing, malformed or another account's.</returns>
    public string? SecretFor(string account, string? authorization)
    {
        if (authorization is null || !authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        if (!_known.TryGetValue(authorization, out var credentials))
        {
            if (Decode(authorization["Basic ".Length..].Trim()) is not { } decoded)
                return null;
            if (_known.Count >= MaxKnown)
                _known.Clear();
            _known[authorization] = credentials = decoded;
        }

        // An API key (SK...) may act for any account here; an account only for itself.
        return credentials.User.StartsWith("SK", StringComparison.Ordinal) || credentials.User == account ? credentials.Secret : null;
    }

    private static (string, string)? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        return colon > 0 && colon < text.Length - 1 ? (text[..colon], text[(colon + 1)..]) : null;
    }
}
