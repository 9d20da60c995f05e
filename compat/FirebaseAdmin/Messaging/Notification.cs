using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>What the device shows, on every platform.</summary>
public sealed class Notification
{
    [JsonProperty("title")]
    public string Title { get; set; }

    [JsonProperty("body")]
    public string Body { get; set; }

    internal Notification Copy() => new() { Title = Title, Body = Body };
}
