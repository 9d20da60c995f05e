using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Notify.Workers.Email;

/// <summary>What every e-mail of this installation has in common, whichever provider carries it.</summary>
public sealed class EmailOptions : IValidatableObject
{
    public const string SectionName = "Email";

    // The lenient default takes "Name <user@example.org" for an address, and the slip would first be seen by those who get the mail.
    private static readonly ParserOptions StrictParser = new() { AddressParserComplianceMode = RfcComplianceMode.Strict };

    /// <summary>The sender, in the header and in the envelope: <c>alerts@example.org</c> or <c>Example
    /// &lt;alerts@example.org&gt;</c>.</summary>
    [Required]
    public string From { get; set; } = "";

    /// <summary>The domain on the right of every Message-ID; null takes that of <see cref="From"/>.</summary>
    [RegularExpression(@"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")]
    public string? MessageIdDomain { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!MailboxAddress.TryParse(StrictParser, From, out var sender) || sender.LocalPart.Length == 0 || sender.Domain.Length == 0)
            yield return new ValidationResult(
                $"{SectionName}:{nameof(From)} is not an e-mail address; give 'user@example.org' or 'Name <user@example.org>'.",
                [nameof(From)]
            );
    }
}

[OptionsValidator]
internal sealed partial class EmailOptionsValidator : IValidateOptions<EmailOptions>;
