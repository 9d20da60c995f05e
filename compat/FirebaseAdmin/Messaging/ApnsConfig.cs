using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>What FCM passes on to APNs for iOS devices.</summary>
public sealed class ApnsConfig
{
    [JsonProperty("headers")]
    public IReadOnlyDictionary<string, string> Headers { get; set; }

    [JsonIgnore]
    public Aps Aps { get; set; }

    [JsonProperty("payload")]
    private Dictionary<string, Aps> Payload => Aps is null ? [] : new() { ["aps"] = Aps };

    internal ApnsConfig CopyAndValidate() =>
        new() { Headers = Headers?.ToDictionary(entry => entry.Key, entry => entry.Value), Aps = Aps?.Copy() };
}
