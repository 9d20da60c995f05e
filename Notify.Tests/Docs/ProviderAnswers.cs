using System.Globalization;
using System.Text;
using Notify.Core.Channels;
using Notify.Sending.Http;
using Notify.Workers.Email.SendGrid;
using Notify.Workers.Email.Smtp;
using Notify.Workers.Push.Apns;
using Notify.Workers.Push.Fcm;
using Notify.Workers.Sms.Gateway;
using Notify.Workers.Sms.Twilio;

namespace Notify.Tests.Docs;

/// <summary>The failure tables of all adapters as the page shows them.</summary>
internal static class ProviderAnswers
{
    public static string Render()
    {
        var page = new StringBuilder();
        Add(page, "SMTP", "The first row that fits, with its source.", SmtpFailures.Table.Select(Of));
        Add(page, "SendGrid", "twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/errors", SendGrid());
        Add(page, "FCM", "firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode", Fcm());
        Add(page, "APNs", "developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns", Apns());
        Add(page, "Twilio", "twilio.com/docs/api/errors/{code}", Twilio());
        Add(page, "SMS gateway", "What no rule of `Sms:Gateway:Rules` speaks of.", Gateway());
        return page.ToString().TrimEnd() + "\n";
    }

    private static void Add(StringBuilder page, string provider, string source, IEnumerable<ProviderAnswer> answers)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"### {provider}\n\n{source}\n\n| says | taken as | concerns | then | |\n| --- | --- | --- | --- | --- |\n"
        );
        foreach (var answer in answers)
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {answer.Says} | {answer.Kind.ToName()} | {answer.Concerns} | {answer.Then} | {answer.Detail}{(answer.Source is null ? "" : $" ({answer.Source})")} |\n"
            );
        page.Append('\n');
    }

    private static ProviderAnswer Of(SmtpFailure row)
    {
        var codes = string.Join(", ", row.Codes.Select(code => code < 10 ? $"{code}yz" : $"{code}"));
        var enhanced = string.Join(", ", row.Enhanced.Select(code => code.EndsWith('.') ? code + "*" : code));
        var topics = row.Topics == SmtpTopic.None ? "" : $"speaking of {Spoken(row.Topics)}";
        var phases = row.Phases == SmtpPhase.Any ? "" : $"({PhaseNames(row.Phases)})";
        return new(
            string.Join(' ', new[] { codes.Length == 0 ? "anything" : codes, enhanced, topics, phases }.Where(part => part.Length > 0)),
            row.Kind,
            row.Scope,
            row.RetryAfter,
            row.Growing is not null,
            row.Detail,
            Source: row.Source
        );
    }

    private static string Spoken(SmtpTopic topics) =>
        topics switch
        {
            SmtpTopic.Rate => "a rate",
            SmtpTopic.Day => "a daily limit",
            SmtpTopic.Connections => "too many connections",
            SmtpTopic.Relaying => "relaying",
            SmtpTopic.SenderRights => "the sender's rights",
            SmtpTopic.Authentication => "SPF, DKIM or DMARC",
            SmtpTopic.Identity => "an identity that is not verified",
            SmtpTopic.Account => "the account",
            _ => throw new InvalidOperationException($"{topics} has no words."),
        };

    private static string PhaseNames(SmtpPhase phases) =>
        phases switch
        {
            SmtpPhase.AboutRecipient => "from RCPT on",
            SmtpPhase.Sender | SmtpPhase.AboutRecipient => "from MAIL on",
            SmtpPhase.Any & ~SmtpPhase.Login => "except at the login",
            SmtpPhase.Connect | SmtpPhase.Login => "before MAIL",
            SmtpPhase.Sender => "at MAIL",
            SmtpPhase.Recipient => "at RCPT",
            SmtpPhase.Content => "after the final dot",
            _ => throw new InvalidOperationException($"{phases} have no words."),
        };

    private static IEnumerable<ProviderAnswer> SendGrid() =>
        [
            Of("400, 403 with `field` `from`", SendGridFailures.Sender),
            Of("400 with `field` `subject`, `content`", SendGridFailures.Content),
            .. Grouped(SendGridFailures.ByStatus, status => $"{status}"),
            Of("other 2xx", SendGridFailures.UnknownSuccess),
            Of("3xx", SendGridFailures.NotSendGrid),
            Of("other 4xx", SendGridFailures.OtherClientError),
            Of("5xx", SendGridFailures.ServerError),
        ];

    private static IEnumerable<ProviderAnswer> Fcm() =>
        [
            Of("`INVALID_ARGUMENT` about `message.token`", FcmFailures.DeadToken),
            .. Grouped(FcmFailures.ByCode, code => $"`{code}`"),
            Of("a code that is not known here", FcmFailures.UnknownCode),
            .. Grouped(FcmFailures.ByStatus, status => $"{status}", " without a code"),
            Of("3xx", FcmFailures.NotFcm),
            Of("other 4xx", FcmFailures.OtherClientError),
            Of("5xx", FcmFailures.OtherServerError),
        ];

    private static IEnumerable<ProviderAnswer> Apns() =>
        [
            .. Grouped(ApnsFailures.ByReason, reason => $"`{reason}`"),
            Of("`Unregistered`, and registered again since", ApnsFailures.RegisteredSince),
            Of("other 403", ApnsFailures.Keys),
            Of("other 410", ApnsFailures.Gone),
            Of("other 429", ApnsFailures.TooMany),
            Of("3xx", ApnsFailures.NotApns),
            Of("other 4xx", ApnsFailures.Unknown),
            Of("other 5xx", ApnsFailures.ServerError),
        ];

    private static IEnumerable<ProviderAnswer> Twilio() =>
        [
            .. TwilioFailures
                .ByCode.GroupBy(row => row.Value)
                .Select(rows => (First: rows.Min(row => row.Key), Rows: rows))
                .OrderBy(rows => rows.First)
                .Select(rows => Of(string.Join(", ", rows.Rows.Select(row => row.Key).Order()), rows.Rows.Key)),
            .. TwilioFailures.ByStatus.OrderBy(row => row.Key).Select(row => Of($"HTTP {row.Key} without a known code", row.Value)),
            Of("403 with another code", TwilioFailures.NotPermitted),
            Of("403, 404, 407 without a code; 3xx", TwilioFailures.NotTwilio),
            Of("other 4xx", TwilioFailures.Unknown),
            Of("5xx", TwilioFailures.ServerFault),
            Of("2xx that cannot be read", TwilioFailures.Unreadable),
        ];

    private static IEnumerable<ProviderAnswer> Gateway() =>
        [
            .. Grouped(GatewayFailures.ByStatus, status => $"{status}"),
            Of("other 2xx", GatewayFailures.UnknownSuccess),
            Of("3xx", GatewayFailures.Redirect),
            Of("other 4xx", GatewayFailures.Refused),
            Of("5xx", GatewayFailures.ServerError),
        ];

    /// <summary>Answers that come to the same share a row.</summary>
    private static IEnumerable<ProviderAnswer> Grouped<TKey>(
        IReadOnlyDictionary<TKey, FailureRule> table,
        Func<TKey, string> name,
        string suffix = ""
    )
        where TKey : notnull =>
        table
            .GroupBy(row => row.Value)
            .Select(rows => Of(string.Join(", ", rows.Select(row => name(row.Key)).Order(StringComparer.Ordinal)) + suffix, rows.Key))
            .OrderBy(row => row.Says, StringComparer.Ordinal);

    private static ProviderAnswer Of(string says, FailureRule rule) =>
        new(says, rule.Kind, rule.Scope, rule.RetryAfter, Grows: false, rule.Detail, rule.Doubt);

    private static ProviderAnswer Of(string says, TwilioFailure row) => new(says, row.Kind, row.Scope, row.Wait, Grows: false, row.Detail);
}
