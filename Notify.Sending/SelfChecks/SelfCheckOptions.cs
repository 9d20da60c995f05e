using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Core.Validation;

namespace Notify.Sending.SelfChecks;

/// <summary>
/// A message of our own through the whole path, every so often. A channel without a recipient is not checked, so that nobody is billed or
/// disturbed who was not named here.
/// </summary>
public sealed class SelfCheckOptions : IValidatableObject
{
    public const string SectionName = "SelfCheck";

    /// <summary>How often each worker process checks; 10 s to 1 h, 1 min by default.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the message may take until a provider has it; 1 s to 5 min, 30 s by default. It expires then, and is not sent
    /// late.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failed checks in a row that make the worker unready; 1 to 100, 3 by default.</summary>
    [Range(1, 100)]
    public int FailuresBeforeUnready { get; set; } = 3;

    /// <summary>The mail address that gets the e-mail worker's messages; none by default.</summary>
    public string? Email { get; set; }

    /// <summary>The phone number (E.164) that gets the SMS worker's messages, each at a provider's price; none by default.</summary>
    public string? Phone { get; set; }

    /// <summary>The device token for the push worker's messages; none by default.</summary>
    public string? PushToken { get; set; }

    /// <summary>What the token belongs to: <c>fcm</c> (default) or <c>apns</c>.</summary>
    public string PushPlatform { get; set; } = "fcm";

    /// <summary>Whether FCM only checks the message and the device gets none; true by default. APNs has no such thing: its device gets
    /// every message.</summary>
    public bool DryRun { get; set; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from definition in ChannelDefinition.All
        let request = SelfCheckRequest.For(definition.Channel, this)
        where request is not null
        let setting = definition.SelfCheckSetting
        from error in NotificationValidator.Validate(request)
        select new ValidationResult($"{SectionName}:{setting} cannot be sent to: {error.Message}", [setting]);
}

[OptionsValidator]
internal sealed partial class SelfCheckOptionsValidator : IValidateOptions<SelfCheckOptions>;
