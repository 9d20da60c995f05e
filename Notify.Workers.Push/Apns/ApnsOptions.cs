using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Apns;

/// <summary>Apple Push Notification service, with a token signing key. Without a team and a key, APNs is off.</summary>
public sealed class ApnsOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Push:Apns";

    /// <summary>The developer team's id, ten characters.</summary>
    [Required(ErrorMessage = "Push:Apns:TeamId is missing. Set it to the Apple developer team's id.")]
    [RegularExpression("^[A-Z0-9]{10}$", ErrorMessage = "Push:Apns:TeamId has to be ten capital letters and digits.")]
    public string TeamId { get; set; } = "";

    /// <summary>The signing key's id, ten characters.</summary>
    [Required(ErrorMessage = "Push:Apns:KeyId is missing. Set it to the id of the APNs signing key.")]
    [RegularExpression("^[A-Z0-9]{10}$", ErrorMessage = "Push:Apns:KeyId has to be ten capital letters and digits.")]
    public string KeyId { get; set; } = "";

    /// <summary>The signing key: the text of the .p8 file (PEM). A <c>\n</c> in it counts as a line break.</summary>
    public string? PrivateKey { get; set; }

    /// <summary>The path of the .p8 file; used where <see cref="PrivateKey"/> is empty.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The app's bundle id, for devices that name no app of their own.</summary>
    [Required(ErrorMessage = "Push:Apns:Topic is missing. Set it to the app's bundle id.")]
    [RegularExpression("^[a-zA-Z0-9.-]+$", ErrorMessage = "Push:Apns:Topic is not a bundle id: letters, digits, '-' and '.' only.")]
    public string Topic { get; set; } = "";

    /// <summary>Where devices of environment <c>production</c> are reached. <c>http://</c> means HTTP/2 in clear text, for a
    /// stand-in.</summary>
    public Uri ProductionEndpoint { get; set; } = new("https://api.push.apple.com");

    /// <summary>Where devices of environment <c>sandbox</c> are reached.</summary>
    public Uri SandboxEndpoint { get; set; } = new("https://api.sandbox.push.apple.com");

    /// <summary>How long one send may take; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Pushes under way at once to each environment in one worker process, 1 to 100,000; more wait for one of them to end. 1,000 is what
    /// APNs usually allows a connection; where the server's own setting is lower, further connections are opened.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxConcurrentStreams { get; set; } = 1000;

    /// <summary>Pushes a second over all processes, 0.001 to 1,000,000; null for no limit: Apple names none but each device's
    /// own.</summary>
    [Range(0.001, 1_000_000)]
    public double? MessagesPerSecond { get; set; }

    /// <summary>Pushes that may go at once after a quiet time, 1 to 1,000,000; null for those of one second.</summary>
    [Range(1, 1_000_000)]
    public int? Burst { get; set; }

    /// <summary>Whether anything says that APNs is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured =>
        !string.IsNullOrEmpty(TeamId)
        || !string.IsNullOrEmpty(KeyId)
        || !string.IsNullOrEmpty(PrivateKey)
        || !string.IsNullOrEmpty(PrivateKeyFile);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (
            var (name, endpoint) in new[] { (nameof(ProductionEndpoint), ProductionEndpoint), (nameof(SandboxEndpoint), SandboxEndpoint) }
        )
        {
            if (endpoint is not { IsAbsoluteUri: true } || endpoint.Scheme is not ("http" or "https"))
                yield return new ValidationResult($"Push:Apns:{name} has to be an absolute http:// or https:// address.", [name]);
        }

        if (ApnsKey.FindFault(this) is { } fault)
            yield return new ValidationResult(fault, [string.IsNullOrEmpty(PrivateKey) ? nameof(PrivateKeyFile) : nameof(PrivateKey)]);
    }
}

[OptionsValidator]
internal sealed partial class ApnsOptionsValidator : IValidateOptions<ApnsOptions>;
