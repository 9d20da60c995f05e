using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Workers.Router.Maintenance;

/// <summary>How long what is done with is kept.</summary>
public sealed class RetentionOptions
{
    public const string SectionName = "Retention";

    /// <summary>
    /// Days for which notifications, with their requests, and deliveries are kept; 31 to 3,650, 90 by default. Whole days go, by UTC, once
    /// nothing in them is open. Not below 31: a record may be routed when it is 30 days old.
    /// </summary>
    [Range(31, 3_650)]
    public int Days { get; set; } = 90;

    /// <summary>Days for which dead letters and replays are kept, replayed or not; 1 to 3,650, 90 by default.</summary>
    [Range(1, 3_650)]
    public int DeadLetterDays { get; set; } = 90;

    /// <summary>Days for which the audit log is kept; 1 to 36,500, 365 by default.</summary>
    [Range(1, 36_500)]
    public int AuditDays { get; set; } = 365;
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
