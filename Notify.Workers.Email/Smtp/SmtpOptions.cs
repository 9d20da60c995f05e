using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

/// <summary>The mail server that takes our mail, and how it is used. Without <see cref="Host"/>, SMTP is off.</summary>
public sealed class SmtpOptions : IProviderOptions, IValidatableObject
{
    public const string SectionName = "Email:Smtp";

    [Required(ErrorMessage = "Email:Smtp:Host is missing. Set it to the mail server's name.")]
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Null or empty for a server that asks for no login.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>
    /// How long the server may take for connecting and for each answer, 1 second to 10 minutes. Giving up on the answer to a
    /// message's content makes its outcome ambiguous, so rather long than short.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections open at the same time in one worker process; every further mail waits for one of them.</summary>
    [Range(1, 1000)]
    public int MaxConnections { get; set; } = 20;

    /// <summary>Of <see cref="MaxConnections"/>, those that only critical mail may use; 0 up to one below it, 2 by default. None where it
    /// is not below <see cref="MaxConnections"/>.</summary>
    [Range(0, 999)]
    public int CriticalConnections { get; set; } = 2;

    /// <summary>Messages over one connection before a new one is opened, so that a server farm can spread and replace its hosts.</summary>
    [Range(1, 100_000)]
    public int MaxMessagesPerConnection { get; set; } = 100;

    /// <summary>How old a connection may become, in use or idle.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Messages a second over all processes, 0.001 to 100,000; null for no limit, because relays differ. Amazon SES, for one, names the
    /// account's own, and allows one a second until it is out of its sandbox.
    /// </summary>
    [Range(0.001, 100_000)]
    public double? MessagesPerSecond { get; set; }

    /// <summary>Messages that may go at once after a quiet time, 1 to 100,000; null for those of one second. Only with
    /// <see cref="MessagesPerSecond"/>.</summary>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    /// <summary>Whether anything says that SMTP is wanted.</summary>
    static string IProviderOptions.Section => SectionName;

    bool IProviderOptions.IsConfigured => !string.IsNullOrEmpty(Host) || !string.IsNullOrEmpty(UserName) || !string.IsNullOrEmpty(Password);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(UserName) != string.IsNullOrEmpty(Password))
            yield return new ValidationResult(
                $"{SectionName}: give both {nameof(UserName)} and {nameof(Password)}, or neither.",
                [nameof(UserName), nameof(Password)]
            );
        if (!Enum.IsDefined(Security))
            yield return new ValidationResult(
                $"{SectionName}:{nameof(Security)} is one of {string.Join(", ", Enum.GetNames<SmtpSecurity>())}.",
                [nameof(Security)]
            );
    }
}

[OptionsValidator]
internal sealed partial class SmtpOptionsValidator : IValidateOptions<SmtpOptions>;
