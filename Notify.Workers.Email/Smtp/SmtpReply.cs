using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.Workers.Email.Smtp;

/// <summary>A refusal as far as we keep it. The server's text is read for the enhanced code and dropped: it likes to quote the address.</summary>
/// <param name="Code">The three digit reply code.</param>
/// <param name="Enhanced">The enhanced status code (RFC 3463) at the start of the text; null where there is none.</param>
/// <param name="SaysThrottled">Whether the text speaks of a rate or a quota.</param>
internal sealed partial record SmtpReply(int Code, string? Enhanced, bool SaysThrottled)
{
    public static SmtpReply Parse(int code, string text) =>
        new(code, EnhancedCode().Match(text) is { Success: true } found ? found.Value.Trim() : null, Throttling().IsMatch(text));

    /// <summary>The enhanced code where it is of the reply's own class; where the two disagree the reply code is right.</summary>
    public string? Trusted => Enhanced is not null && Enhanced[0] - '0' == Code / 100 ? Enhanced : null;

    public override string ToString() => Enhanced is null ? Code.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Code} {Enhanced}");

    [GeneratedRegex(@"^\s*[245]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedCode();

    [GeneratedRegex("throttl|quota|rate exceeded|rate limit", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Throttling();
}
