using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Sandbox.Twilio;

/// <summary>What has to be told about one message, and to whom.</summary>
internal sealed record StatusCallback(string Url, string Account, string Secret, string Sid, SmsRequest Sms, DateTimeOffset At)
{
    /// <summary>Only loopback addresses are called, so that a test never reaches a stranger.</summary>
    public bool IsLoopback([NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(Url, UriKind.Absolute, out uri)
        && uri.Scheme is "http" or "https"
        && (
            string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))
        );

    public SortedDictionary<string, string> Fields(string status)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["AccountSid"] = Account,
            ["ApiVersion"] = "2010-04-01",
            ["MessageSid"] = Sid,
            ["MessageStatus"] = status,
            ["SmsSid"] = Sid,
            ["SmsStatus"] = status,
            ["To"] = Sms.To!,
        };
        if (!string.IsNullOrEmpty(Sms.From))
            fields["From"] = Sms.From;
        if (!string.IsNullOrEmpty(Sms.Service))
            fields["MessagingServiceSid"] = Sms.Service;
        return fields;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1.")]
    public static string Sign(string secret, string url, SortedDictionary<string, string> fields)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in fields)
            text.Append(name).Append(value);
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text.ToString())));
    }
}
