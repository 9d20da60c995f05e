using System.Globalization;
using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>How Android shows a notification.</summary>
public sealed class AndroidNotification
{
    /// <summary>A notification replaces a shown one with the same tag.</summary>
    [JsonProperty("tag")]
    public string Tag { get; set; }

    [JsonProperty("default_sound")]
    public bool DefaultSound { get; set; }

    /// <summary>The time the notification is about. The package sends it also when nobody set it, as the year 1.</summary>
    [JsonIgnore]
    public DateTime EventTimestamp { get; set; }

    [JsonProperty("event_time")]
    private string EventTimeOnTheWire =>
        EventTimestamp.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff000'Z'", CultureInfo.InvariantCulture);

    internal AndroidNotification Copy() =>
        new()
        {
            Tag = Tag,
            DefaultSound = DefaultSound,
            EventTimestamp = EventTimestamp,
        };
}
