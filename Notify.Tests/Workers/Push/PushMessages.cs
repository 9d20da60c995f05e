using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Push;

namespace Notify.Tests.Workers.Push;

internal static class PushMessages
{
    public static Guid Id { get; } = Guid.Parse("0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");

    public static DeliveryTarget TargetOf(PushMessage message) =>
        new(
            "t",
            message.Token,
            new()
            {
                Platform = message.Platform,
                App = message.App,
                Environment = message.Environment,
            },
            message.DryRun
        );

    public static PushMessage Fcm(
        string token = "fcm-token:1",
        IReadOnlyDictionary<string, string>? data = null,
        bool high = true,
        DateTimeOffset? expires = null
    ) =>
        new(
            Id,
            "fcm",
            token,
            null,
            "production",
            null,
            "Hello",
            "A body",
            data ?? new Dictionary<string, string> { ["order"] = "42" },
            high,
            expires ?? DateTimeOffset.MaxValue
        );

    public static PushMessage Apns(
        string token = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff",
        string? app = null,
        string environment = "production",
        IReadOnlyDictionary<string, string>? data = null,
        bool high = true,
        DateTimeOffset? registered = null,
        DateTimeOffset? expires = null,
        string body = "A body"
    ) =>
        new(
            Id,
            "apns",
            token,
            app,
            environment,
            registered,
            "Hello",
            body,
            data ?? new Dictionary<string, string> { ["order"] = "42" },
            high,
            expires ?? DateTimeOffset.MaxValue
        );
}
