using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.Workers.Email.Smtp;

/// <summary>
/// A refusal as far as we keep it. The server's text is read for the enhanced code and the topics, and dropped: it likes to quote the
/// address.
/// </summary>
/// <param name="Code">The three digit reply code.</param>
/// <param name="Enhanced">The enhanced status code (RFC 3463) at the start of the text; null where there is none.</param>
/// <param name="Topics">What the text speaks of.</param>
internal sealed partial record SmtpReply(int Code, string? Enhanced, SmtpTopic Topics)
{
    private static readonly (SmtpTopic Topic, Regex Words)[] Words =
    [
        (SmtpTopic.Rate, Rate()),
        (SmtpTopic.Day, Day()),
        (SmtpTopic.Connections, Connections()),
        (SmtpTopic.Relaying, Relaying()),
        (SmtpTopic.SenderRights, SenderRights()),
        (SmtpTopic.Authentication, Authentication()),
        (SmtpTopic.Identity, Identity()),
        (SmtpTopic.Account, Account()),
    ];

    /// <summary>More of a text is not read: a reply has no bound of its own.</summary>
    private const int MostRead = 2_000;

    public static SmtpReply Parse(int code, string text)
    {
        var read = text.Length <= MostRead ? text : text[..MostRead];
        var topics = Words.Where(words => words.Words.IsMatch(read)).Aggregate(SmtpTopic.None, (all, words) => all | words.Topic);
        return new(code, EnhancedCode().Match(read) is { Success: true } found ? found.Value.Trim() : null, topics);
    }

    /// <summary>The enhanced code where it is of the reply's own class; where the two disagree the reply code is right.</summary>
    public string? Trusted => Enhanced is not null && Enhanced[0] - '0' == Code / 100 ? Enhanced : null;

    public override string ToString() =>
        Enhanced is null ? Code.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Code} {Enhanced}");

    [GeneratedRegex(@"^\s*[245]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedCode();

    [GeneratedRegex(
        "throttl|rate[- ]?limit|rate exceeded|sending rate|unusual rate|at a rate|too (quickly|fast|many messages|much mail)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Rate();

    // "Over quota" alone is said of the recipient's mailbox, as is what the recipient has exceeded.
    [GeneratedRegex(
        """
            ^(?!.*\brecipient('s)?\b.{0,40}\b(exceeded|reached|over|has)\b).*
            ( \b(daily|per\ day|24[-\ ]hours?|submission)\b[^.]{0,40}\b(quota|limit|maximum)
            | \b(quota|limit)\b[^.]{0,40}\b(daily|per\ day|24[-\ ]hours?) )
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline
    )]
    private static partial Regex Day();

    [GeneratedRegex(
        @"(too many|maximum number of|concurrent)[^.]{0,40}\b(connections?|sessions?)|connections? limit",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Connections();

    [GeneratedRegex(
        """
            \brelay(ing)?\b[^.]{0,40}\b(denied|not|prohibited|refused|rejected)
            | (unable|not\ (permitted|allowed|authori[sz]ed)|cannot|access)[^.]{0,20}\brelay
            | \b(no|not|do\ not)\ relay
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Relaying();

    [GeneratedRegex(
        """
            send\ ?as\ ?denied
            | send\ as\ th(is|e)\ (sender|user|mailbox)
            | sender\ (address\ )?(rejected:\ )?(is\ )?not\ (owned|yours)
            | not\ (permitted|allowed|authori[sz]ed)\ to\ send\ (as|from|on\ behalf)
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex SenderRights();

    [GeneratedRegex(
        """
            unauthenticated\ (e?mail|sender)
            | sender\ is\ unauthenticated
            | \b(spf|dkim|dmarc)\b[^.]{0,60}(fail|not\ pass|did\ not|missing|reject|policy)
            | (fail|not\ pass)[^.]{0,60}\b(spf|dkim|dmarc)\b
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Authentication();

    [GeneratedRegex(@"(address|domain|identit\w*)[^.]{0,20}not verified", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Identity();

    [GeneratedRegex(
        """
            sending\ paused
            | your\ account[^.]{0,40}(suspended|paused|under\ review|not\ active|not\ subscribed)
            | not\ authori[sz]ed\ to\ perform
            | configuration\ set
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Account();
}
