using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.SendGrid;

/// <summary>SendGrid's mail send API (v3). Without <see cref="ApiKey"/>, SendGrid is off.</summary>
public sealed class SendGridOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Email:SendGrid";

    /// <summary>An API key that may send mail.</summary>
    [Required(ErrorMessage = "Email:SendGrid:ApiKey is missing. Make a key with the permission Mail Send in SendGrid's settings.")]
    [RegularExpression(
        "^[!-~]+$",
        ErrorMessage = "Email:SendGrid:ApiKey holds a space or a character that is no ASCII. Copy the key again."
    )]
    public string ApiKey { get; set; } = "";

    /// <summary>Where the API is; <c>https://api.eu.sendgrid.com</c> for an account in the EU. The key goes to this host.</summary>
    public Uri Endpoint { get; set; } = new("https://api.sendgrid.com");

    /// <summary>How long one call may take in all, 1 s to 1 min. A call that was sent and not answered in time is ambiguous.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Lets SendGrid check each mail and deliver none.</summary>
    public bool SandboxMode { get; set; }

    /// <summary>
    /// Messages a second over all processes, 0.001 to 100,000; null for no limit but SendGrid's own answers: it publishes no number, only
    /// headers that tell when a used-up quota opens again
    /// (twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits).
    /// </summary>
    [Range(0.001, 100_000)]
    public double? MessagesPerSecond { get; set; }

    /// <summary>Messages that may go at once after a quiet time, 1 to 100,000; null for those of one second. Only with
    /// <see cref="MessagesPerSecond"/>.</summary>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Whether anything says that SendGrid is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured => !string.IsNullOrEmpty(ApiKey);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // An empty setting makes it null.
        if (
            Endpoint is not { IsAbsoluteUri: true }
            || Endpoint.Scheme is not ("http" or "https")
            || Endpoint.Query.Length > 0
            || Endpoint.Fragment.Length > 0
            || Endpoint.UserInfo.Length > 0
        )
            yield return new ValidationResult(
                "Email:SendGrid:Endpoint has to be an absolute http:// or https:// address without user, query and fragment.",
                [nameof(Endpoint)]
            );
    }
}

[OptionsValidator]
internal sealed partial class SendGridOptionsValidator : IValidateOptions<SendGridOptions>;
