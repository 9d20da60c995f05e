using System.ComponentModel.DataAnnotations;

namespace Notify.Workers.Sms.Twilio;

/// <summary>The account that sends text messages, and how. Checked when the worker starts.</summary>
public sealed class TwilioOptions : IValidatableObject
{
    public const string SectionName = "Sms:Twilio";

    /// <summary>The account's SID, which Twilio's console shows; it begins with AC.</summary>
    [Required]
    [RegularExpression("^[0-9A-Za-z_-]{1,64}$", ErrorMessage = "Sms:Twilio:AccountSid may hold letters, digits, _ and - only, at most 64; copy it from Twilio's console.")]
    public string AccountSid { get; set; } = "";

    /// <summary>The account's auth token. It also signs Twilio's webhooks.</summary>
    [Required]
    public string AuthToken { get; set; } = "";

    /// <summary>The number (E.164), short code or alphanumeric name that sends; this or <see cref="MessagingServiceSid"/> is needed. With both, Twilio sends from this one within the service.</summary>
    public string? From { get; set; }

    /// <summary>The messaging service that picks a sender, instead of or together with <see cref="From"/>.</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>Replaces <c>https://api.twilio.com</c>, for a sandbox or a gateway; null for Twilio. The credentials go to this host.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Where Twilio reports what became of a message: an absolute http(s) URL it can reach, its host without underscores, at most 4,000 characters; null for no reports.</summary>
    public Uri? StatusCallback { get; set; }

    /// <summary>How long one call may take in all, 1 to 60 s. A call that was sent and not answered in time is ambiguous.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(From) && string.IsNullOrWhiteSpace(MessagingServiceSid))
            yield return new("Sms:Twilio needs From (a number of the account) or MessagingServiceSid.", [nameof(From), nameof(MessagingServiceSid)]);
        if (Endpoint is not null && !(IsWebAddress(Endpoint) && Endpoint.Query.Length == 0 && Endpoint.Fragment.Length == 0 && Endpoint.UserInfo.Length == 0))
            yield return new("Sms:Twilio:Endpoint must be an absolute http or https URL without user, query and fragment.", [nameof(Endpoint)]);
        if (StatusCallback is not null && !(IsWebAddress(StatusCallback) && !StatusCallback.Host.Contains('_') && StatusCallback.OriginalString.Length <= 4000))
            yield return new("Sms:Twilio:StatusCallback must be an absolute http or https URL of at most 4,000 characters, its host without underscores.", [nameof(StatusCallback)]);
    }

    private static bool IsWebAddress(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
