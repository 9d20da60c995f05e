using System.Globalization;
using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>What applies to Android devices only.</summary>
public sealed class AndroidConfig
{
    [JsonIgnore]
    public Priority? Priority { get; set; }

    /// <summary>How long FCM keeps the message for a device it cannot reach; zero is now or never.</summary>
    [JsonIgnore]
    public TimeSpan? TimeToLive { get; set; }

    [JsonProperty("notification")]
    public AndroidNotification Notification { get; set; }

    [JsonProperty("priority")]
    private string PriorityOnTheWire =>
        Priority switch
        {
            Messaging.Priority.High => "high",
            Messaging.Priority.Normal => "normal",
            _ => null,
        };

    [JsonProperty("ttl")]
    private string TimeToLiveOnTheWire
    {
        get
        {
            if (TimeToLive is not { } value)
                return null;
            var seconds = value.Ticks / TimeSpan.TicksPerSecond;
            var nanoseconds = value.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
            return nanoseconds == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s")
                : string.Create(CultureInfo.InvariantCulture, $"{seconds}.{nanoseconds:D9}s");
        }
    }

    internal AndroidConfig CopyAndValidate()
    {
        if (TimeToLive < TimeSpan.Zero)
            throw new ArgumentException("TTL must not be negative.");
        return new AndroidConfig
        {
            Priority = Priority,
            TimeToLive = TimeToLive,
            Notification = Notification?.Copy(),
        };
    }
}
