using System.Text.RegularExpressions;

namespace Notify.Workers.Email.Smtp;

/// <summary>The server's own id of a mail, out of the text with which it accepted it. Nothing standardises it; these forms are
/// common.</summary>
internal static partial class QueueId
{
    public static string? Find(string reply) => Forms().Match(reply) is { Success: true } found ? found.Groups["id"].Value : null;

    // Postfix and SendGrid: "2.0.0 Ok: queued as 4XyZ"; Exim: "OK id=1abc-2"; Exchange: "[InternalId=123, …]";
    // Sendmail: "2.0.0 4AB1 Message accepted"; Amazon SES: "Ok 0100018f-…"; Google: "2.0.0 OK  1700000000 d2e1a72f-… - gsmtp".
    [GeneratedRegex(
        """
            queued\ as\ (?<id>[\w.-]{4,100})(?![\w.@-])
            | \bid=<?(?<id>[\w.-]{4,100})(?![\w.@-])
            | InternalId=(?<id>\d{1,40})
            | ^\d\.\d\.\d\s+(?<id>[A-Za-z0-9]{8,40})\ Message\ accepted
            | ^(\d\.\d\.\d\s+)?OK\s+\d+\ (?<id>[\w.-]{8,100})\ -\ gsmtp
            | ^(\d\.\d\.\d\s+)?OK\s+(?<id>[0-9a-f-]{16,100})\s*$
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Forms();
}
