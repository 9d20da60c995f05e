using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Twilio;

/// <summary>The account that sends text messages, and how. Without <see cref="AccountSid"/> and <see cref="AuthToken"/>, Twilio is
/// off.</summary>
public sealed class TwilioOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Sms:Twilio";

    /// <summary>The account's SID, which Twilio's console shows; it begins with AC.</summary>
    [Required]
    [RegularExpression(
        "^[0-9A-Za-z_-]{1,64}$",
        ErrorMessage = "Sms:Twilio:AccountSid may hold letters, digits, _ and - only, at most 64; copy it from Twilio's console."
    )]
    public string AccountSid { get; set; } = "";

    /// <summary>The account's auth token. It also signs Twilio's webhooks.</summary>
    [Required]
    public string AuthToken { get; set; } = "";

    /// <summary>The number (E.164), short code or alphanumeric name that sends; this or <see cref="MessagingServiceSid"/> is needed. With
    /// both, Twilio sends from this one within the service.</summary>
    public string? From { get; set; }

    /// <summary>The messaging service that picks a sender, instead of or together with <see cref="From"/>.</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>Replaces <c>https://api.twilio.com</c>, for a sandbox or a gateway; null for Twilio. The credentials go to this
    /// host.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Where Twilio reports what became of a message: an absolute http(s) URL it can reach, its host without underscores, at most
    /// 4,000 characters; null for no reports.</summary>
    public Uri? StatusCallback { get; set; }

    /// <summary>How long one call may take in all, 1 to 60 s. A call that was sent and not answered in time is ambiguous.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages a second over all processes, 0.001 to 100,000. A US long code sends one segment a second, a short code a hundred and more
    /// (twilio.com/docs/api/errors/30001, 21611); what is handed over faster waits at Twilio, where it fails once the queue is full. Set
    /// what the sender allows, divided by the segments of a usual text.
    /// </summary>
    [Range(0.001, 100_000)]
    public double MessagesPerSecond { get; set; } = 1;

    /// <summary>Messages that may go at once after a quiet time, 1 to 100,000; null for those of one second. Twilio queues them.</summary>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Whether anything says that Twilio is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured => !string.IsNullOrEmpty(AccountSid) || !string.IsNullOrEmpty(AuthToken);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(From) && string.IsNullOrWhiteSpace(MessagingServiceSid))
            yield return new(
                "Sms:Twilio needs From (a number of the account) or MessagingServiceSid.",
                [nameof(From), nameof(MessagingServiceSid)]
            );
        if (
            Endpoint is not null
            && !(IsWebAddress(Endpoint) && Endpoint.Query.Length == 0 && Endpoint.Fragment.Length == 0 && Endpoint.UserInfo.Length == 0)
        )
            yield return new(
                "Sms:Twilio:Endpoint must be an absolute http or https URL without user, query and fragment.",
                [nameof(Endpoint)]
            );
        if (
            StatusCallback is not null
            && !(IsWebAddress(StatusCallback) && !StatusCallback.Host.Contains('_') && StatusCallback.OriginalString.Length <= 4000)
        )
            yield return new(
                "Sms:Twilio:StatusCallback must be an absolute http or https URL of at most 4,000 characters, its host without underscores.",
                [nameof(StatusCallback)]
            );
    }

    private static bool IsWebAddress(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}

[OptionsValidator]
internal sealed partial class TwilioOptionsValidator : IValidateOptions<TwilioOptions>;
