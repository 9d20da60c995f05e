using System.Globalization;
using FirebaseAdmin.Messaging;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Fcm;

/// <summary>Writes a push notification in FCM's terms.</summary>
internal static class FcmMessages
{
    /// <summary>Lets the app tell us what arrived, and fold a repeat.</summary>
    public const string DeliveryIdKey = "notify-delivery-id";

    /// <summary>The longest that FCM keeps a message.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(28);

    public static Message Create(PushMessage push, DateTimeOffset now)
    {
        var id = push.DeliveryId.ToString("D");
        var life = TimeSpan.FromSeconds(Math.Floor(Math.Clamp((push.ExpiresAt - now).TotalSeconds, 0, LongestLife.TotalSeconds)));
        return new Message
        {
            Token = push.Token,
            Notification = new Notification { Title = string.IsNullOrEmpty(push.Title) ? null : push.Title, Body = push.Body },
            Data = new Dictionary<string, string>(push.Data) { [DeliveryIdKey] = id },
            Android = new AndroidConfig
            {
                Priority = push.HighPriority ? Priority.High : Priority.Normal,
                TimeToLive = life,

                // The tag makes a repeat replace what is already shown. No collapse key: FCM keeps only four different ones
                // for a device that is away and discards the rest, so one per delivery would lose messages.
                Notification = new AndroidNotification
                {
                    Tag = id,
                    DefaultSound = true,
                    EventTimestamp = now.UtcDateTime,
                },
            },
            Apns = new ApnsConfig
            {
                Headers = new Dictionary<string, string>
                {
                    ["apns-priority"] = push.HighPriority ? "10" : "5",
                    ["apns-expiration"] = (now + life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                    ["apns-collapse-id"] = id,
                },
                Aps = new Aps { Sound = "default" },
            },
        };
    }
}
