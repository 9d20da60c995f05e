using System.Buffers;
using System.Net;
using System.Text;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

/// <summary>Reads the gateway's answers as the configuration says.</summary>
internal sealed class GatewayAnswers(GatewayOptions options)
{
    private const int MaxIdLength = 128;

    private static readonly SearchValues<char> Printable = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code),
    ]);

    private readonly StatusRanges _success = Ranges(options.SuccessStatus)!;
    private readonly List<(StatusRanges? Status, string? Contains, OutcomeKind Kind)> _rules =
    [
        .. options.Rules.Select(rule =>
            (Ranges(rule.Status), string.IsNullOrEmpty(rule.Contains) ? null : rule.Contains, rule.Kind!.Value)
        ),
    ];

    public async Task<Outcome> ReadAsync(
        HttpResponseMessage response,
        SmsMessage message,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var kind = KindOf(response.StatusCode, body);
        if (kind == OutcomeKind.Sent)
            return Outcome.Sent(MessageIdOf(response, body), SmsSegments.Of(message.Text).Count);
        var rule = kind is { } configured ? GatewayFailures.Configured(configured) : GatewayFailures.For((int)response.StatusCode);
        return rule.ToOutcome(AnswerCode.Of(response.StatusCode), RetryAfter.Of(response.Headers, now));
    }

    /// <summary>What the configuration makes of the answer; null where it says nothing.</summary>
    private OutcomeKind? KindOf(HttpStatusCode status, byte[] body)
    {
        string? said = null;
        foreach (var rule in _rules)
        {
            if (rule.Status?.Contains((int)status) == false)
                continue;
            if (rule.Contains is null || (said ??= WhatIsSaid(body)).Contains(rule.Contains, StringComparison.OrdinalIgnoreCase))
                return rule.Kind;
        }

        return _success.Contains((int)status) ? OutcomeKind.Sent : null;
    }

    private string WhatIsSaid(byte[] body) =>
        string.IsNullOrEmpty(options.ErrorPath) ? Encoding.UTF8.GetString(body) : AnswerPath.Read(options.ErrorPath, body) ?? "";

    /// <summary>Stored and shown, so it has to look like an id.</summary>
    private string? MessageIdOf(HttpResponseMessage response, byte[] body) =>
        !string.IsNullOrEmpty(options.MessageIdPath)
        && AnswerPath.Read(options.MessageIdPath, response.Headers, body) is { Length: > 0 and <= MaxIdLength } id
        && !id.AsSpan().ContainsAnyExcept(Printable)
            ? id
            : null;

    private static StatusRanges? Ranges(string? text) => StatusRanges.TryParse(text, out var ranges) ? ranges : null;
}
