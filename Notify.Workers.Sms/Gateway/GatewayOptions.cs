using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

/// <summary>Any SMS provider with an HTTP API, described by configuration. Without <see cref="Url"/>, it is off.</summary>
public sealed class GatewayOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Sms:Gateway";

    /// <summary>Where a message is sent to: an absolute http(s) URL without user.</summary>
    [Required(ErrorMessage = "Sms:Gateway:Url is missing. Set it to the address of the gateway's API that sends a message.")]
    public Uri? Url { get; set; }

    /// <summary><c>POST</c> or <c>PUT</c>.</summary>
    [AllowedValues("POST", "PUT", ErrorMessage = "Sms:Gateway:Method is POST or PUT.")]
    public string Method { get; set; } = "POST";

    /// <summary>The body's media type: JSON, XML or <c>application/x-www-form-urlencoded</c>. It decides how values are escaped.</summary>
    public string ContentType { get; set; } = "application/json";

    /// <summary>
    /// The body, with <c>{to}</c> (E.164), <c>{text}</c>, <c>{id}</c> (the delivery's UUID, the same in every attempt) and <c>{from}</c> in
    /// the places of values. The first two are needed. In JSON the quotes around a value are the template's.
    /// </summary>
    public string BodyTemplate { get; set; } = """{"to":"{to}","text":"{text}","id":"{id}"}""";

    /// <summary>The sender that the gateway knows; needed where the template has <c>{from}</c>.</summary>
    public string? From { get; set; }

    /// <summary>Further headers of each request, such as <c>Authorization</c>; one without a value is left out. Their values are
    /// secrets.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the gateway's id of an accepted message is: a path into its JSON answer, such as <c>messages.0.id</c>, or
    /// <c>header:</c> and a header's name; null for nowhere.</summary>
    public string? MessageIdPath { get; set; }

    /// <summary>Where the answer's JSON says what is wrong, such as <c>error.code</c>, for rules with <see cref="GatewayRule.Contains"/>;
    /// null searches the whole body.</summary>
    public string? ErrorPath { get; set; }

    /// <summary>The status codes that mean accepted, unless a rule says otherwise: codes and ranges with commas between them.</summary>
    public string SuccessStatus { get; set; } = "200-299";

    /// <summary>What answers mean; the first that matches decides, and where none does, the usual meaning of the status.</summary>
    public IList<GatewayRule> Rules { get; } = [];

    /// <summary>How long one call may take in all, 1 s to 1 min. A call that was sent and not answered in time is ambiguous.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages a second over all processes, 0.001 to 100,000; null for no limit: ask the gateway for its own.</summary>
    [Range(0.001, 100_000)]
    public double? MessagesPerSecond { get; set; }

    /// <summary>Messages that may go at once after a quiet time, 1 to 100,000; null for those of one second. Only with
    /// <see cref="MessagesPerSecond"/>.</summary>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Whether anything says that the gateway is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured => Url is not null && Url.OriginalString.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is not null && !(Url.IsAbsoluteUri && Url.Scheme is ("http" or "https") && Url.UserInfo.Length == 0))
            yield return new(
                "Sms:Gateway:Url has to be an absolute http:// or https:// address; a user and password go into a header.",
                [nameof(Url)]
            );
        foreach (var fault in BodyTemplateFaults())
            yield return new(fault, [nameof(BodyTemplate)]);
        foreach (var (name, value) in Headers)
        {
            if (!CanBeSent(name, value))
                yield return new(
                    $"Sms:Gateway:Headers:{name} is not a request header of its own with a value in printable ASCII.",
                    [nameof(Headers)]
                );
        }

        if (!StatusRanges.TryParse(SuccessStatus, out _))
            yield return new(
                "Sms:Gateway:SuccessStatus has to hold status codes and ranges, such as 200-299 or 200,202.",
                [nameof(SuccessStatus)]
            );
        if (MessageIdPath is { Length: > 0 } path && !AnswerPath.IsValid(path))
            yield return new(
                "Sms:Gateway:MessageIdPath has to be a path such as messages.0.id, or header: and a header's name.",
                [nameof(MessageIdPath)]
            );
        if (ErrorPath is { Length: > 0 } error && (!AnswerPath.IsValid(error) || AnswerPath.IsHeader(error)))
            yield return new("Sms:Gateway:ErrorPath has to be a path into the answer's JSON, such as error.code.", [nameof(ErrorPath)]);
        foreach (var (at, rule) in Rules.Index())
        {
            if (rule.FindFault() is { } fault)
                yield return new($"Sms:Gateway:Rules:{at} {fault}", [nameof(Rules)]);
        }
    }

    private IEnumerable<string> BodyTemplateFaults()
    {
        if (BodyFormat.Of(ContentType) is not { } format)
            return ["Sms:Gateway:ContentType has to be JSON, XML or application/x-www-form-urlencoded, in UTF-8."];
        return Gateway.BodyTemplate.FaultsOf(BodyTemplate, format, hasSender: !string.IsNullOrEmpty(From));
    }

    private static bool CanBeSent(string name, string? value)
    {
        using var request = new HttpRequestMessage();
        return (value ?? "").All(letter => letter is >= ' ' and <= '~')
            && !name.Equals("Host", StringComparison.OrdinalIgnoreCase)
            && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            && request.Headers.TryAddWithoutValidation(name, value);
    }
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
