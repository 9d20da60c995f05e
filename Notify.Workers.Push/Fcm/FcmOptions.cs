using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Fcm;

/// <summary>Firebase Cloud Messaging. Without <see cref="ProjectId"/> and credentials, FCM is off.</summary>
public sealed class FcmOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Push:Fcm";

    /// <summary>The Firebase project's id, such as <c>my-app-1a2b3</c>, or its number.</summary>
    [Required(ErrorMessage = "Push:Fcm:ProjectId is missing. Set it to the Firebase project's id.")]
    [RegularExpression(
        "^[a-zA-Z0-9.:-]+$",
        ErrorMessage = "Push:Fcm:ProjectId is not a project id: letters, digits, '-', '.' and ':' only."
    )]
    public string ProjectId { get; set; } = "";

    /// <summary>The service account's key: the JSON text. Its <c>token_uri</c> is where access tokens are fetched.</summary>
    public string? Credentials { get; set; }

    /// <summary>The path of a file with that JSON; used where <see cref="Credentials"/> is empty.</summary>
    public string? CredentialsFile { get; set; }

    /// <summary>Replaces <c>https://fcm.googleapis.com</c>, for a stand-in. <c>http://</c> means HTTP/2 in clear text, without
    /// upgrade.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How long one send may take, with a renewed access token and all; 1 s to 1 min. Google advises 10 s or more.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages a minute over all processes, 1 to 100,000,000; a second's share of them may go at once. 600,000 is Google's quota of a
    /// project (firebase.google.com/docs/cloud-messaging/throttling-and-quotas); Google asks to begin with less and to raise it slowly.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MessagesPerMinute { get; set; } = 600_000;

    /// <summary>Whether anything says that FCM is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured =>
        !string.IsNullOrEmpty(ProjectId) || !string.IsNullOrEmpty(Credentials) || !string.IsNullOrEmpty(CredentialsFile);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https"))
            yield return new ValidationResult("Push:Fcm:Endpoint has to be an absolute http:// or https:// address.", [nameof(Endpoint)]);

        if (FcmCredential.FindFault(this) is { } fault)
            yield return new ValidationResult(fault, [string.IsNullOrEmpty(Credentials) ? nameof(CredentialsFile) : nameof(Credentials)]);
    }
}

[OptionsValidator]
internal sealed partial class FcmOptionsValidator : IValidateOptions<FcmOptions>;
