using System.Text.RegularExpressions;
using Newtonsoft.Json;

namespace FirebaseAdmin.Messaging;

/// <summary>One message to one target.</summary>
public sealed partial class Message
{
    [JsonProperty("token")]
    public string Token { get; set; }

    /// <summary>A topic's name, with or without the prefix <c>/topics/</c>.</summary>
    [JsonIgnore]
    public string Topic { get; set; }

    [JsonProperty("condition")]
    public string Condition { get; set; }

    [JsonProperty("data")]
    public IReadOnlyDictionary<string, string> Data { get; set; }

    [JsonProperty("notification")]
    public Notification Notification { get; set; }

    [JsonProperty("android")]
    public AndroidConfig Android { get; set; }

    [JsonProperty("apns")]
    public ApnsConfig Apns { get; set; }

    [JsonProperty("topic")]
    private string BareTopic =>
        Topic is not null && Topic.StartsWith("/topics/", StringComparison.Ordinal) ? Topic["/topics/".Length..] : Topic;

    /// <summary>A copy that the caller can no longer change.</summary>
    /// <exception cref="ArgumentException">FCM would refuse the message.</exception>
    internal Message CopyAndValidate()
    {
        string[] targets = [Token, Topic, Condition];
        if (targets.Count(target => !string.IsNullOrEmpty(target)) != 1)
            throw new ArgumentException("Exactly one of Token, Topic or Condition is required.");
        if (BareTopic is not null && !TopicName().IsMatch(BareTopic))
            throw new ArgumentException("Malformed topic name.");

        return new Message
        {
            Token = Token,
            Topic = Topic,
            Condition = Condition,
            Data = Data?.ToDictionary(entry => entry.Key, entry => entry.Value),
            Notification = Notification?.Copy(),
            Android = Android?.CopyAndValidate(),
            Apns = Apns?.CopyAndValidate(),
        };
    }

    [GeneratedRegex(@"^[a-zA-Z0-9\-_.~%]+$")]
    private static partial Regex TopicName();
}
