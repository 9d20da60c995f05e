using System.Globalization;

namespace MailKit.Net.Smtp;

/// <summary>What a server offered in its answer to EHLO.</summary>
internal sealed record SmtpExtensionList(SmtpCapabilities Capabilities, uint MaxSize, IReadOnlyList<string> Mechanisms)
{
    public static SmtpExtensionList None { get; } = new(SmtpCapabilities.None, 0, []);

    public static SmtpExtensionList Parse(string reply)
    {
        var capabilities = SmtpCapabilities.None;
        uint maxSize = 0;
        var mechanisms = new List<string>();
        foreach (var line in reply.Split('\n').Skip(1))   // the first line is the greeting
        {
            var words = line.Split([' ', '\t', '\r', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            capabilities |= words[0].ToUpperInvariant() switch
            {
                "SIZE" => SmtpCapabilities.Size,
                "DSN" => SmtpCapabilities.Dsn,
                "ENHANCEDSTATUSCODES" => SmtpCapabilities.EnhancedStatusCodes,
                "AUTH" when words.Length > 1 => SmtpCapabilities.Authentication,
                "8BITMIME" => SmtpCapabilities.EightBitMime,
                "PIPELINING" => SmtpCapabilities.Pipelining,
                "STARTTLS" => SmtpCapabilities.StartTLS,
                "SMTPUTF8" => SmtpCapabilities.UTF8,
                "CHUNKING" => SmtpCapabilities.Chunking,
                "BINARYMIME" => SmtpCapabilities.BinaryMime,
                "REQUIRETLS" => SmtpCapabilities.RequireTLS,
                _ => SmtpCapabilities.None,
            };
            if (words is ["SIZE" or "size", var size, ..] && uint.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
                maxSize = limit;
            if (words[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
                mechanisms.AddRange(words.Skip(1));
        }

        return new SmtpExtensionList(capabilities, maxSize, mechanisms);
    }
}
