using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>Apple's own part of an APNs payload.</summary>
public sealed class Aps
{
    [JsonProperty("sound")]
    public string Sound { get; set; }

    internal Aps Copy() => new() { Sound = Sound };
}
