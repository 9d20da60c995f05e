using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Sending.Limits;

/// <summary>How many messages one device may get. The defaults are what FCM documents for an Android device.</summary>
public sealed class DeviceLimitOptions
{
    public const string SectionName = "Push:DeviceLimit";

    /// <summary>Messages in any minute; 1 to 100,000, 240 by default.</summary>
    [Range(1, 100_000)]
    public int PerMinute { get; set; } = 240;

    /// <summary>Messages in any hour; 1 to 1,000,000, 5,000 by default.</summary>
    [Range(1, 1_000_000)]
    public int PerHour { get; set; } = 5_000;
}

[OptionsValidator]
internal sealed partial class DeviceLimitOptionsValidator : IValidateOptions<DeviceLimitOptions>;
